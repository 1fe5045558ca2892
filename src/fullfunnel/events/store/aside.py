"""A process of its own, which yields to all others, for what the worker finds due: the next base of a workspace's index.

Nothing of Django may be imported above: this is where it is made ready.
"""

import os
import subprocess
import sys


def start_building(workspace_id: int) -> "subprocess.Popen[bytes]":
    """Starts it; whoever started it looks when it has ended."""
    return subprocess.Popen([sys.executable, "-m", __name__, str(workspace_id)])  # noqa: S603 (our own words)


def main(workspace_id: int) -> None:
    """Builds the first base, or merges what was published into the one that is there."""
    from fullfunnel.core.supervisor import die_with_parent

    die_with_parent(os.getppid())
    os.nice(15)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()
    from fullfunnel.events.store import building, folders, open_store
    from fullfunnel.events.store.lake import LakeStore

    store = open_store()
    if isinstance(store, LakeStore):
        erasures, _ = store.reach(workspace_id)
        make = building.merge if folders.bases(store.data, workspace_id, erasures) else building.build
        make(store, workspace_id)


if __name__ == "__main__":
    main(int(sys.argv[1]))
