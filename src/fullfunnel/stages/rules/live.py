"""Live moves: who reached a stage just now, told once each as `stage_entered` for reactions."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.names import STAGE_ENTERED
from fullfunnel.events.reactions.liveness import LATE_AFTER
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.folds.subset import only
from fullfunnel.journeys.stages.moves import Moves, moves_of, plan_of
from fullfunnel.journeys.stages.rule import LADDER, PROSPECT
from fullfunnel.journeys.watch import Watch
from fullfunnel.people.models import LISTED, Person
from fullfunnel.people.record import record_of_many
from fullfunnel.segments.dataset import WorkspaceDataset, dataset_of
from fullfunnel.segments.selling import own_addresses
from fullfunnel.stages.rules.kept import Kept, kept_rules
from fullfunnel.stages.rules.models import MovesRead, StageMove
from fullfunnel.workspaces.models import Workspace

Longs = NDArray[np.int64]
AT_ONCE = 500


class Entered(NamedTuple):
    """That a person reached a stage; at: µs; skipped: a later stage was reached first, and counts this one too."""

    person: int
    stage: str
    at: int
    skipped: bool


def tell_moves_of(workspace: Workspace) -> int:
    """Record the moves since the last reading and return how many; 0 too where the index lacks the newest events yet.

    Only people of whom something came since are looked at, whatever they did before; only moves later than the adoption of
    the rules, and of the last day, are told: each once, whatever the order of drains.
    """
    reading = MovesRead.objects.get(workspace=workspace)
    dataset, kept = dataset_of(workspace), kept_rules(workspace)
    index = dataset.index()
    try:
        newest = max((int(part.seq.max()) for part in index.parts if len(part.seq)), default=-1)
        if newest < reading.live_seq:
            return 0
        touched = only(index, touched_since(index, reading.read_seq))
        floor = max(clock.to_us(kept.since), clock.now_us() - LATE_AFTER)
        found = entered(_moves(kept, touched, dataset, workspace), floor, has_prospects=kept.rules.rules.has_sales)
    finally:
        index.release()
    return _tell(workspace, kept.rules.number, found, newest)


def _moves(kept: Kept, index: Index, dataset: WorkspaceDataset, workspace: Workspace) -> Moves:
    selling = dataset.facts.selling
    plan = plan_of(kept.rules.rules, selling.pages, selling.own, selling.rivals)
    return moves_of(plan, index, dataset, workspace.timezone, Watch())


def touched_since(index: Index, seq: int) -> Longs:
    """Return the places of the units that have events with a higher `seq`, in rising order."""
    slices = []
    for number, part in enumerate(index.parts):
        rows = np.flatnonzero(np.asarray(part.seq) > seq)
        own = np.flatnonzero(index.part == number)
        if not len(rows) or not len(own):
            continue
        own = own[np.argsort(index.low[own], kind="stable")]
        at = np.searchsorted(index.low[own], rows, side="right") - 1
        is_held = (at >= 0) & (rows < index.high[own][np.maximum(at, 0)])
        slices.append(own[at[is_held]])
    found = np.concatenate(slices) if slices else np.empty(0, np.int64)
    return np.unique(np.searchsorted(index.first, found, side="right") - 1).astype(np.int64)


def entered(moves: Moves, floor: int, *, has_prospects: bool) -> list[Entered]:
    """Return the moves later than `floor` (µs), those of a person in order."""
    found = []
    for place, stage in enumerate(LADDER):
        reached, own = moves.reached[place], moves.own[place]
        chosen = (reached > floor) & (reached < NEVER)
        for person, at, skipped in zip(moves.unit[chosen], reached[chosen], (own > reached)[chosen], strict=True):
            found.append(Entered(int(person), stage, int(at), bool(skipped)))
    if has_prospects:
        chosen = (moves.prospect > floor) & (moves.prospect < NEVER)
        for person, at in zip(moves.unit[chosen], moves.prospect[chosen], strict=True):
            found.append(Entered(int(person), PROSPECT, int(at), False))
    return found


@transaction.atomic
def _tell(workspace: Workspace, rules: int, found: Sequence[Entered], newest: int) -> int:
    people, own = list({one.person for one in found}), own_addresses(workspace)
    known: set[tuple[int, str]] = set()
    living: set[int] = set()
    for first in range(0, len(people), AT_ONCE):
        some = people[first : first + AT_ONCE]
        told = StageMove.objects.filter(workspace=workspace, rules=rules, person__in=some)
        known.update(told.values_list("person_id", "stage"))
        rows = Person.objects.filter(LISTED, workspace=workspace, pk__in=some).values_list("pk", "email")
        # The event that says whose address it is may come a drain later.
        living.update(pk for pk, email in rows if not (email and email.lower().endswith(own)))
    new = [one for one in found if one.person in living and (one.person, one.stage) not in known]
    StageMove.objects.bulk_create(
        [
            StageMove(workspace=workspace, person_id=one.person, stage=one.stage, rules=rules, at=clock.from_us(one.at))
            for one in new
        ],
        batch_size=AT_ONCE,
    )
    record_of_many(workspace.pk, STAGE_ENTERED, told=[(one.person, _said(one, rules), one.at) for one in new])
    MovesRead.objects.filter(workspace=workspace).update(read_seq=newest)
    return len(new)


def _said(one: Entered, rules: int) -> dict[str, str]:
    return {"stage": one.stage, "rules": str(rules), "skipped": "true" if one.skipped else ""}
