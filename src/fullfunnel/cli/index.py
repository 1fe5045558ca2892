"""fullfunnel index: makes the journeys index that funnels are answered from, ahead of the first question or anew."""

import argparse
import sys
import time
from typing import TYPE_CHECKING

from fullfunnel.cli.progress import Progress
from fullfunnel.cli.words import fail

if TYPE_CHECKING:
    from fullfunnel.events.store import EventStore

EPILOG = """
examples:
  fullfunnel index --workspace example-ltd
  fullfunnel index --rebuild

The index is derived from the events and made by itself when it is needed; this does it now, and says how far it is.
It may run beside a server: questions go on being answered from the old one.
Exit status: 0 made, or nothing to do; 1 failed; 2 no such workspace."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "--workspace", metavar="SLUG", help="its short name, as in the address of its pages (default: all)"
    )
    parser.add_argument("--rebuild", action="store_true", help="read all events again, even if the index is there")


def run(args: argparse.Namespace) -> int:
    from fullfunnel.events.store import open_store
    from fullfunnel.workspaces.models import Workspace

    chosen = Workspace.objects.order_by("slug")
    if args.workspace:
        chosen = chosen.filter(slug=args.workspace)
        if not chosen:
            return fail(f"there is no workspace {args.workspace!r}")
    store = open_store()
    for workspace in chosen:
        began = time.monotonic()
        if make(store, workspace.pk, anew=args.rebuild):
            print(f"{workspace.slug}: the index is there ({time.monotonic() - began:.1f} s)", file=sys.stderr)
    return 0


def make(store: "EventStore", workspace_id: int, *, anew: bool = False) -> bool:
    """Makes the index if there is none, or anew, and says how far it is; False when there was nothing to do."""
    from fullfunnel.events.store.building import build
    from fullfunnel.events.store.folders import bases
    from fullfunnel.events.store.lake import LakeStore

    if not isinstance(store, LakeStore):
        return False
    erasures, last = store.reach(workspace_id)
    if not last or (bases(store.data, workspace_id, erasures) and not anew):
        return False
    progress = Progress("events", 0)

    def tell(done: int, total: int) -> None:
        progress.total = total
        progress.update(done, done)

    build(store, workspace_id, tell, anew=anew)
    return True
