"""Places where a test may kill the process, as a power cut would: FULLFUNNEL_CRASH_AT=<name>, or <name>:<k> for the k-th time."""

import os
import signal

NAMES = (
    "frozen",
    "resolved",
    "written",
    "renamed",
    "appended",
    "closing",
    "stored",
    "reacted",
    "keys-written",
    "merged",
    "superseded",
    "removed",
)
_named, _, _count = os.environ.get("FULLFUNNEL_CRASH_AT", "").partition(":")
_left = int(_count or 1)


def reached(name: str) -> None:
    """Marks an arrow in the order of a drain. Does nothing unless the environment names it."""
    global _left
    if name != _named:
        return
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
