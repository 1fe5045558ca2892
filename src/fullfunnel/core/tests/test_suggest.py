"""What a refusal says of an unknown word."""

import pytest

from fullfunnel.core.suggest import MAX_LENGTH, did_you_mean, quoted, shortened

KNOWN = ("window", "breakdown", "steps", "step")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("brekdown", "; did you mean 'breakdown'?"),
        ("STEPS", "; did you mean 'steps'?"),
        ("stesp", "; did you mean 'steps'?"),
        ("stpe", "; did you mean 'step'?"),
        ("wibble", ""),
        ("x" * 100_000, ""),
        ("", ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_word_is_suggested_only_where_one_is_near(given, said):
    assert did_you_mean(given, KNOWN) == said


def test_where_no_word_is_known_none_is_suggested():
    assert did_you_mean("window", ()) == ""


def test_what_was_sent_is_repeated_up_to_a_length():
    assert quoted("ordred") == "'ordred'"
    assert quoted(["a"]) == "['a']"
    assert shortened("x" * MAX_LENGTH) == "x" * MAX_LENGTH
    assert quoted("x" * 1_000_000) == f"'{'x' * MAX_LENGTH}…'"
    assert len(quoted(["x" * 1_000_000])) == MAX_LENGTH + 1
