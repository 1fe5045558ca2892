"""Places where a test may kill the process, as a power cut would: FULLFUNNEL_CRASH_AT=<name>, or <name>:<k> for the k-th time."""

import os
import signal

NAMES = (
    "frozen",
    "portion-resolved",
    "resolved",
    "written",
    "renamed",
    "appended",
    "closing",
    "stored",
    "portion-told",
    "reacted",
    "keys-written",
    "merged",
    "superseded",
    "removed",
)
OF_ERASURE = ("rewritten",)
OF_FILLING = ("portion-filled",)
OF_INDEX = ("delta-written", "delta-published", "delta-removed", "base-written", "base-published", "base-removed")
OF_BACKUP = ("backup-linked", "backup-copied", "backup-whole", "backup-named", "backup-thinned")
ALL = NAMES + OF_INDEX + OF_ERASURE + OF_FILLING + OF_BACKUP
_name, _left = "", 0


def named(arrow: str) -> None:
    """Chooses the place: a name, or name:k; empty for none. KeyError for a name that is none of ours."""
    global _name, _left
    _name, _, count = arrow.partition(":")
    if _name and _name not in ALL:
        raise KeyError(f"no place is called {_name!r}; there are {', '.join(ALL)}")
    _left = int(count or 1)


def reached(name: str) -> None:
    """Marks an arrow in the order of a drain. Does nothing unless the environment names it."""
    global _left
    if name != _name:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)


named(os.environ.get("FULLFUNNEL_CRASH_AT", ""))
