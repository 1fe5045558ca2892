"""A deal stays when somebody on it is erased; their name and address go from what sellers wrote of it."""

import re
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from fullfunnel.crm.models import Deal, DealMove
from fullfunnel.people.models import Person

SOMEBODY = "somebody"
SHORTEST = 3
DEAL_TEXTS = ("name", "next_step", "need", "bant_text", "lost_text")


def forget_in_deals(people: Collection[int]) -> None:
    """Take names and addresses of these people (ids) out of the texts of the deals they had a part in. Before their rows go."""
    told = Person.objects.filter(pk__in=people).values_list("name", "email")
    names = sorted({text for row in told for text in row if len(text) >= SHORTEST}, key=len, reverse=True)
    if not names:
        return
    theirs = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    mine = Q(people__person__in=people) | Q(moves__about__in=people) | Q(hand_over__person__in=people)
    deals = list(Deal.objects.filter(mine).distinct())
    for deal in deals:
        for field in DEAL_TEXTS:
            setattr(deal, field, theirs.sub(SOMEBODY, getattr(deal, field)))
    Deal.objects.bulk_update(deals, DEAL_TEXTS, batch_size=100)
    moves = list(DealMove.objects.filter(deal__in=deals))
    for move in moves:
        move.reason, move.told = theirs.sub(SOMEBODY, move.reason), _without(theirs, move.told)
    DealMove.objects.bulk_update(moves, ["reason", "told"], batch_size=100)


def _without(theirs: re.Pattern[str], said: Any) -> Any:
    """Return JSON with the names taken out of its texts."""
    if isinstance(said, str):
        return theirs.sub(SOMEBODY, said)
    if isinstance(said, dict):
        return {name: _without(theirs, value) for name, value in said.items()}
    return [_without(theirs, value) for value in said] if isinstance(said, list) else said
