"""The reactions that the wiring names, and where each of them begins."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from fullfunnel.events.event import Event
from fullfunnel.events.models import Batch, Cursor
from fullfunnel.events.store.schema import SEQ_SPAN

NOW, BEGINNING = "now", "beginning"


class OnEvents(Protocol):
    """Mirrors stored events in the room's rows; `live=False` decides nothing new. Told the same events again, it changes nothing."""

    def __call__(self, events: Sequence[Event], *, live: bool) -> None: ...


@dataclass(frozen=True)
class Reaction:
    """A line of wiring.ON_EVENT. `names`: the event names that it wants to be told of; None for all."""

    name: str
    on_events: OnEvents
    begins: str
    names: frozenset[str] | None

    def wants(self, events: Sequence[Event]) -> Sequence[Event]:
        """Those of the events that it is to be told of."""
        return events if self.names is None else [event for event in events if event.name in self.names]


def reactions() -> list[Reaction]:
    """Every reaction of the wiring, in order. The attribute NAMES of the function's module says which events it wants."""
    return [_reaction(name, path, begins) for name, path, begins in settings.ON_EVENT]


def _reaction(name: str, path: str, begins: str) -> Reaction:
    on_events = import_string(path)
    names = getattr(sys.modules[path.rpartition(".")[0]], "NAMES", None)
    if begins not in (NOW, BEGINNING) or (begins == BEGINNING and names is None):
        raise ValueError(
            f"the reaction {name} begins {NOW}, or at the {BEGINNING} with NAMES in its module; not {begins!r}"
        )
    return Reaction(name, on_events, begins, None if names is None else frozenset(names))


def end_of(batch: int) -> int:
    """The highest number that an event of the batch can have."""
    return (batch + 1) * SEQ_SPAN - 1


def newest_stored() -> int:
    """The newest batch in the lake; 0 before the first."""
    return Batch.objects.filter(state=Batch.State.STORED).order_by("-pk").values_list("pk", flat=True).first() or 0


def begin_new(after: int) -> None:
    """Gives each reaction seen for the first time a cursor: it is told live of what is stored after the batch `after`.

    A cursor of a reaction that is not wired any more goes: no batch waits for it, so it could not go on without a gap.
    """
    wired = reactions()
    with transaction.atomic():
        known = set(Cursor.objects.values_list("reaction", flat=True))
        Cursor.objects.exclude(reaction__in=[reaction.name for reaction in wired]).delete()
        for reaction in wired:
            if reaction.name not in known:
                is_filling = reaction.begins == BEGINNING and after > 0
                position = {"seq": 0, "fills_to": end_of(after)} if is_filling else {"seq": end_of(after)}
                Cursor.objects.create(reaction=reaction.name, batch=after, **position)
