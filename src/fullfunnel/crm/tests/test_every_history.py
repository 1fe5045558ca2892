"""After every prefix of any history the five outcomes add up, and a row is what its last move says: in the fold and in the rows."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.core import clock
from fullfunnel.crm import actions
from fullfunnel.crm.ledger import OUTCOMES, counts_of, outcome_of
from fullfunnel.crm.mirror.tellings import Stage, Stages, Telling, story_of
from fullfunnel.crm.models import Deal, DealMove, HandOver, HandOverMove
from fullfunnel.crm.said import Lost

MOVES = ["handed_over", "accepted", "rejected", "recycled", "aged_out", "reopened", "assigned"]
LAST = {"reopened": "waiting", "handed_over": "waiting"}


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(MOVES)), max_size=40))
def test_the_five_outcomes_add_up_after_every_prefix(history):
    for n in range(len(history) + 1):
        counts = counts_of(history[:n])
        assert counts.handed_over == len({hand_over for hand_over, _ in history[:n]})
        assert counts.handed_over == sum(getattr(counts, outcome) for outcome in OUTCOMES)


@given(st.lists(st.sampled_from(MOVES[1:6]), min_size=1))
def test_the_outcome_is_that_of_the_last_move(moves):
    assert outcome_of(moves) == LAST.get(moves[-1], moves[-1])


def test_what_is_no_move_is_refused():
    with pytest.raises(ValueError, match="'waiting' is no move"):
        outcome_of(["handed_over", "waiting"])


FIRST, DEMO, WON, LOST = Stage(1), Stage(2), Stage(3, "won"), Stage(4, "lost")
STAGES = Stages(FIRST, WON, LOST, {"discovery": FIRST, "demo": DEMO, "won": WON, "lost": LOST})
TELLINGS = st.lists(
    st.builds(
        lambda kind, said, at: (kind, said, at),
        st.sampled_from(["created", "moved", "changed", "won", "lost", "reopened"]),
        st.dictionaries(
            st.sampled_from(["stage", "amount", "closes_on", "owner"]), st.sampled_from(["demo", "won", "100", "2026-12-01", "x"])
        ),
        st.integers(0, 20),
    ),
    min_size=1,
    max_size=12,
)  # fmt: skip


@given(TELLINGS, st.randoms())
def test_a_mirrored_deal_is_what_its_last_move_says_in_whatever_order_it_was_told(told, random):
    tellings = [Telling(f"e{seq}", at, seq, kind, said) for seq, (kind, said, at) in enumerate(told)]
    story = story_of(tellings, STAGES)
    assert story_of(random.sample(tellings, len(tellings)), STAGES) == story
    for before, after in zip(story.steps, story.steps[1:], strict=False):
        assert after.came_from == (before.now.stage if before.now.stage != after.now.stage else None)
    assert (story.now.decided_at is None) == (story.now.stage.kind == "open")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["hand_over", "accept", "reject", "recycle", "age_out", "reopen", "undo", "open", "move", "back"]),
        st.integers(0, 2),
        st.integers(0, 5),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(ACTS)
def test_rows_are_what_their_moves_say_after_every_action(known, bob, stages, reason, acts):
    with transaction.atomic():
        for number, act in enumerate(acts):
            do(act, number, known, bob.user, list(stages.values()), reason)
            check()
        transaction.set_rollback(True)


def do(act, number, people, user, stages, reason):
    """One action on the nth person's newest hand-over, or on the newest deal; what may not be done is refused."""
    what, who, where = act
    if what == "hand_over":
        actions.hand_over(people[who], cause_event=f"e{number}", why=[], by=None)
        return
    lead = HandOver.objects.filter(person=people[who]).order_by("-pk").first()
    deal = Deal.objects.order_by("-pk").first()
    if what == "move" and deal:
        actions.move_deal(deal, to=stages[where], lost=Lost(reason), by=user)
    elif what == "back" and deal:
        actions.take_back_deal(deal, by=user)
    elif lead:
        acts = {
            "accept": lambda: actions.accept_hand_over(lead, by=user),
            "reject": lambda: actions.reject_hand_over(lead, reason="x", by=user),
            "recycle": lambda: actions.recycle_hand_over(lead, reason="x", by=user),
            "age_out": lambda: actions.age_out_hand_over(lead, at=clock.now(), by=user),
            "reopen": lambda: actions.reopen_hand_over(lead, by=user),
            "undo": lambda: actions.undo_hand_over(lead, by=user),
            "open": lambda: actions.open_deal(lead, by=user),
        }
        acts.get(what, lambda: None)()


def check():
    moves = HandOverMove.objects.order_by("at", "seq", "pk").values_list("hand_over_id", "what")
    counts = counts_of(moves)
    rows = Counter(HandOver.objects.values_list("outcome", flat=True))
    assert {outcome: getattr(counts, outcome) for outcome in OUTCOMES} == {
        outcome: rows[outcome] for outcome in OUTCOMES
    }
    assert counts.handed_over == HandOver.objects.count()
    for deal in Deal.objects.all():
        last = DealMove.objects.filter(deal=deal, to_stage__isnull=False).order_by("pk").last()
        assert (deal.stage_id, deal.state) == (last.to_stage_id, last.to_stage.kind)
        assert (deal.decided_at is None) == (deal.state == "open")
