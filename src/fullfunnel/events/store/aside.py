"""A low-priority process that makes the next base of an index.

Careful: imports of Django stand inside functions, since this module sets Django up.
"""

import os
import subprocess
import sys


def start_building(workspace_id: int) -> "subprocess.Popen[bytes]":
    """Start the process and return it."""
    return subprocess.Popen([sys.executable, "-m", __name__, str(workspace_id)])  # noqa: S603 (our own words)


def main(workspace_id: int) -> None:
    """Build the first base, or merge the newest delta into the base."""
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
