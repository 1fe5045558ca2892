"""What the machine is short of when it fails us, room on its disk or memory: whoever runs it can mend that."""

import errno
import os
import sqlite3

from django.db import DatabaseError

DISK = "the server's disk is full, or cannot be read or written; whoever runs the server must make room"
MEMORY = "this needs more memory than there is; ask for less, or give the server more"
LAKE_MEMORY = "this needs more memory than the lake may use; ask for less, or let it use more (FULLFUNNEL_LAKE_MEMORY)"
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
# Careful: "disk i/o error" is what SQLite says on some full disks too, where it cannot make its shared memory larger.
_SQLITE = ("full", "disk i/o error", "readonly", "read-only")


def shortage(error: BaseException | None) -> str:
    """What was short, in words, where that is why it failed; "" for any other failure."""
    if isinstance(error, OSError):
        return DISK if error.errno in _DISK else ""
    if isinstance(error, DatabaseError | sqlite3.Error):
        return DISK if any(word in str(error).lower() for word in _SQLITE) else ""
    if isinstance(error, MemoryError):
        return MEMORY
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        return LAKE_MEMORY
    if isinstance(error, duckdb.IOException):
        return DISK if any(os.strerror(number) in str(error) for number in _DISK) else ""
    return ""
