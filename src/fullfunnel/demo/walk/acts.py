"""What Halden's sellers do with the walker: the acts of any seller, done for the demo's Bob."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions import accept_hand_over, change_deal, move_deal, open_deal
from fullfunnel.crm.models import Deal, HandOver, StageKind
from fullfunnel.demo.walk.way import Way
from fullfunnel.workspaces.models import Membership, Workspace

SELLER = "bob@halden.example"
PRICE = "9600"
NOBODY_WAITS = "You are not in the inbox yet: ask for a demo first."


ACTS = ("accept", "confirm", "win")


def act_on(way: Way, name: str, workspace: Workspace) -> Refused | None:
    """Do the next act of sales with whoever walks: one of ACTS."""
    bob = Membership.objects.select_related("user").filter(workspace=workspace, user__email=SELLER).first()
    if bob is None:
        return Refused("Bob does not work here any more: invite bob@halden.example as a seller.")
    if way.hand_over is None:
        return Refused(NOBODY_WAITS)
    done: HandOver | Deal | Refused
    if name == "accept":
        done = accept_hand_over(way.hand_over, by=bob)
    elif name == "confirm":
        done = _open(way.hand_over, bob)
    else:
        done = _win(way.deal, bob) if way.deal else Refused("Bob has to confirm the need first.")
    return done if isinstance(done, Refused) else None


def _open(hand_over: HandOver, bob: Membership) -> Deal | Refused:
    closes = (clock.now() + timedelta(days=30)).date()
    details: dict[str, Any] = {
        "amount": PRICE, "closes_on": closes, "next_step": "Show it to the head of nursing",
        "need": "Rosters take two days a month", "need_is_assumed": False, "bant": "budget", "bant_is_assumed": False,
    }  # fmt: skip
    return open_deal(hand_over, by=bob, details=details)


@transaction.atomic
def _win(deal: Deal, bob: Membership) -> Deal | Refused:
    """Move the deal to Won; what its stages ask for is known since the need was confirmed."""
    won = deal.pipeline.stages.filter(kind=StageKind.WON).order_by("place").first()
    if won is None:
        return Refused("This pipeline has no stage for won deals.")
    known = change_deal(deal, changes={"next_step": "Send the contract"}, by=bob)
    return known if isinstance(known, Refused) else move_deal(known, to=won, by=bob)
