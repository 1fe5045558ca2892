"""A directory of yesterday's demo, upgraded: its leads and deals, sent before there was a room for them, are rows as the truth counts them."""

import uuid
from collections import Counter
from datetime import datetime

from django.db.models import Sum

from fullfunnel.config.wiring import ON_EVENT
from fullfunnel.core import clock
from fullfunnel.crm.models import Deal, DealMove, HandOver, UnmatchedEvent
from fullfunnel.demo.story import tell
from fullfunnel.demo.teller import SALES
from fullfunnel.demo.tests.test_truth import END, QUARTER, everybody
from fullfunnel.demo.truth import HALDEN
from fullfunnel.events import on_tick
from fullfunnel.events.event import Arrival
from tests.kit.cast import drain, send


def of_sales():
    """What sellers do in the last quarter, as the demo's CRM said it until there was a room for sales."""
    for life in everybody():
        if life.first_at < QUARTER or not life.hand_over:
            continue
        for door, call in tell(life, seed=1):
            if door == SALES and call["event"].startswith(("lead_", "deal_")):
                said = {name: str(value) for name, value in call["properties"].items()}
                at = clock.to_us(datetime.fromisoformat(call["timestamp"]))
                yield Arrival(
                    name=call["event"], at=at, id=str(uuid.uuid4()), user=call["userId"], actor="us", properties=said,
                    company=call["context"]["groupId"], deal=said.get("deal_id"),
                )  # fmt: skip


def test_412_hand_overs_124_deals_and_31_won(server, ada, settings):
    settings.ON_EVENT = [line for line in ON_EVENT if ".crm." not in line[1]]
    sent = list(of_sales())
    for start in range(0, len(sent), 500):
        send(server, sent[start : start + 500])
    drain()
    assert HandOver.objects.count() == 0
    settings.ON_EVENT = ON_EVENT
    # Reactions begin with the next batch.
    ada.visits("/pricing")
    while on_tick.fill_reactions():
        pass
    assert Counter(HandOver.objects.values_list("outcome", flat=True)) == {
        "waiting": 62, "accepted": 247, "rejected": 49, "recycled": 33, "aged_out": 21
    }  # fmt: skip
    assert Counter(Deal.objects.values_list("state", flat=True)) == {"won": 31, "lost": 62, "open": 31}
    assert Deal.objects.filter(state="open").aggregate(Sum("amount"))["amount__sum"] == HALDEN.open_value
    assert HandOver.objects.filter(outcome="waiting", owner_name="Emil").count() == 41
    assert Deal.objects.filter(hand_over=None).count() == UnmatchedEvent.objects.count() == 0
    assert DealMove.objects.filter(kind="created").count() == 124
    assert max(HandOver.objects.values_list("handed_over_at", flat=True)) < END
