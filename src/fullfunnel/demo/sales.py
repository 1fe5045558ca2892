"""The sellers' side of a life: hand-over, answer, deal and what follows, as their CRM's server sends it."""

from datetime import datetime, timedelta

from fullfunnel.demo import places
from fullfunnel.demo.handovers import ACCEPTED, AGED_OUT, RECYCLED, REJECTED, HandOver
from fullfunnel.demo.teller import Teller

STAGES = ("Discovery", "Demo", "Proposal", "Negotiation")


def hand_over(teller: Teller, hand: HandOver) -> None:
    """The hand-over and everything after it."""
    cause = {"cause": teller.sent_event} if teller.sent_event else {}
    teller.note("lead_handed_over", hand.at + timedelta(seconds=30), via=hand.via, owner=hand.owner, **cause)
    answered = hand.answered_at
    if answered is None:
        return
    if hand.outcome == AGED_OUT:
        teller.note("lead_aged_out", answered, owner=hand.owner)
        return
    teller.note(
        "activity_logged", answered, kind=teller.rng.choice(("call", "email")), direction="out", owner=hand.owner
    )
    after = answered + timedelta(minutes=teller.rng.uniform(5, 90))
    if hand.outcome == REJECTED:
        teller.note("lead_rejected", after, owner=hand.owner, reason=teller.rng.choice(places.REJECT_REASONS))
    elif hand.outcome == RECYCLED:
        teller.note("lead_recycled", after, owner=hand.owner)
    elif hand.outcome == ACCEPTED:
        teller.note("lead_accepted", answered + timedelta(minutes=2), owner=hand.owner)
        if hand.fate:
            deal(teller, hand, answered)


def deal(teller: Teller, hand: HandOver, at: datetime) -> None:
    """An opportunity and its way through the pipeline. Each event carries the deal, its company and amount once."""
    number = f"D-{teller.life.number}"
    common = {"deal_id": number, "owner": hand.owner, "amount": f"{hand.amount}.00", "currency": "EUR"}
    last = hand.decided_at or teller.life.until - timedelta(hours=1)
    created = at + (last - at) * 0.1
    teller.note("deal_created", created, **common)
    if hand.several_contacts:
        colleague(teller, number, created + (last - created) * 0.2)
    reached = 4 if hand.fate == "won" else teller.rng.randint(1, 4)
    for position in range(1, reached):
        moved = created + (last - created) * (position / (reached + 1))
        teller.note("deal_stage_changed", moved, **{**common, "from": STAGES[position - 1], "to": STAGES[position]})
        teller.note("activity_logged", moved - timedelta(hours=1), kind="meeting", direction="out", owner=hand.owner)
    if teller.rng.random() < 0.7:
        # While a seller talks to a lead, the lead still reads.
        teller.page(teller.rng.choice((*places.STORIES, "/security", "/pricing")), created + (last - created) * 0.5)
    if hand.fate == "won":
        teller.note("deal_won", last, **{k: v for k, v in common.items() if k != "amount"}, revenue=common["amount"])
        stay(teller, last)
    elif hand.fate == "lost":
        reason = teller.rng.choice(places.LOST_REASONS)
        competitor = {"competitor": teller.rng.choice(places.COMPETITORS)} if reason == "chose a competitor" else {}
        teller.note("deal_lost", last, **common, reason=reason, **competitor)


def colleague(teller: Teller, deal_id: str, at: datetime) -> None:
    """A second contact on the deal, who reads up on us from another browser of the same firm."""
    teller.note("deal_contact_added", at, deal_id=deal_id, role="Decision maker")
    mine = (teller.anonymous, teller.user, teller.known, teller.email, teller.first)
    teller.anonymous, teller.user, teller.known = f"{teller.anonymous}-2", f"{teller.user}-2", False
    teller.first = teller.rng.choice(places.FIRST)
    teller.email = f"{teller.first}.{teller.last}.{teller.life.number}.2@{teller.domain}".lower()
    teller.identify(at + timedelta(minutes=30), company=teller.company, title="Managing director")
    teller.call(
        "web",
        "group",
        at + timedelta(minutes=30),
        groupId=teller.domain,
        traits={"name": teller.company},
        context=teller.context(),
    )
    for path in ("/pricing", teller.rng.choice(places.STORIES)):
        at += timedelta(minutes=teller.rng.uniform(31, 36))
        teller.page(path, at)
    teller.anonymous, teller.user, teller.known, teller.email, teller.first = mine


def stay(teller: Teller, won: datetime) -> None:
    """What customers do: use it, answer, recommend, renew."""
    rng = teller.rng
    for week in range(1, 40):
        if rng.random() < 0.8:
            teller.note(
                "product_used", won + timedelta(days=7 * week + rng.uniform(0, 4)), shifts_planned=rng.randint(20, 400)
            )
    teller.note("nps_submitted", won + timedelta(days=45), score=rng.choices(range(4, 11), (1, 1, 2, 4, 6, 7, 5))[0])
    if rng.random() < 0.35:
        teller.note("review_submitted", won + timedelta(days=70), rating=rng.choice((4, 5, 5)), site="g2")
    if rng.random() < 0.2:
        teller.note("referral_converted", won + timedelta(days=90))
    teller.note("subscription_renewed", won + timedelta(days=365), revenue="9600.00", currency="EUR")
