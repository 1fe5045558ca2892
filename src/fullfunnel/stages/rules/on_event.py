"""Notes that something happened live, so that whoever it moved to another stage is told of (rules/live.py)."""

from collections import defaultdict
from collections.abc import Sequence

from fullfunnel.events.event import Event
from fullfunnel.events.names import STAGE_ENTERED, STAGE_RULES_ADOPTED
from fullfunnel.stages.rules.models import MovesRead

OWN = (STAGE_ENTERED, STAGE_RULES_ADOPTED)


def on_events(events: Sequence[Event], *, live: bool) -> None:
    """Note up to which event there may be moves. Told again it notes the same; what is told of the past moves nobody live."""
    seqs: dict[int, list[int]] = defaultdict(list)
    for event in events if live else ():
        if event.name not in OWN:
            seqs[event.workspace_id].append(event.seq)
    for workspace, numbers in seqs.items():
        newest = {"live_seq": max(numbers)}
        row = MovesRead.objects.filter(workspace_id=workspace)
        if not row.update(**newest):
            MovesRead.objects.create(workspace_id=workspace, read_seq=min(numbers) - 1, **newest)
