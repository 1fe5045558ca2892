"""What a deal's card says of its next step: what is to do comes first, for a card cuts off what follows."""

from datetime import date

import pytest

from fullfunnel.crm.deals.words import step_words

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("step", "on", "closes_on", "words"),
    [
        ("Call back", date(2026, 11, 27), None, ("Call back, overdue since Fri 27 Nov", "late")),
        ("", date(2026, 11, 29), None, ("Overdue since yesterday", "late")),
        ("Call back", date(2026, 12, 1), None, ("Call back, tomorrow", "")),
        ("", None, None, ("No next step", "none")),
    ],
)
def test_a_card_says_what_is_to_do_and_then_when(step, on, closes_on, words):
    assert step_words(step, on, closes_on, TODAY) == words
