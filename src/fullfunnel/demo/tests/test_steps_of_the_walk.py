"""Which step of the walk is next, what just happened, and where the dot stands."""

from datetime import UTC, datetime, timedelta

from fullfunnel.demo.walk.steps import dots, steps_of, what_happened

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MIDDLES = dict(enumerate((29.0, 143.0, 257.0, 371.0, 446.0, 733.0, 847.0)))


def test_before_the_first_step_the_first_is_next():
    steps = steps_of(())
    assert [step.is_next for step in steps] == [True, *[False] * 7]
    assert not any(step.is_done for step in steps)


def test_a_step_that_was_left_out_is_next_though_a_later_one_is_done():
    steps = steps_of({"awareness", "consideration"})
    assert [step.number for step in steps if step.is_done] == [1, 3]
    assert [step.number for step in steps if step.is_next] == [2]


def test_when_all_is_done_the_last_step_is_to_vanish():
    everything = {"awareness", "interest", "consideration", "handed_over", "accepted", "opportunity", "customer"}
    assert [step.words for step in steps_of(everything) if step.is_next] == ["Vanish: every number as before"]


def test_the_newest_stands_first_and_of_one_moment_the_later_stage():
    reached = {"awareness": NOON, "prospect": NOON + timedelta(minutes=2), "handed_over": NOON + timedelta(minutes=2)}
    assert [one.title for one in what_happened(reached)] == ["Handed over", "Prospect", "Awareness"]


def test_conversion_is_told_as_the_deal_that_was_won():
    assert what_happened({"conversion": NOON}) == []


def test_the_dot_stands_on_the_last_stage_and_beside_what_waits_in_the_joint():
    assert dots({"awareness"}, MIDDLES) == [(29.0, 100.0)]
    assert dots({"awareness", "handed_over", "prospect"}, MIDDLES) == [(29.0, 100.0), (371.0, 100.0), (446.0, 152.0)]
    assert dots({"awareness", "handed_over", "accepted"}, MIDDLES)[-1] == (446.0, 50.0)
