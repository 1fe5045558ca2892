"""Recognise errors that mean a full disk or too little memory: whoever runs the server can mend those."""

import errno
import os
import sqlite3

from django.db import DatabaseError

DISK = "the server's disk is full, or cannot be read or written; whoever runs the server must make room"
MEMORY = "this needs more memory than there is; ask for less, or give the server more"
LAKE_MEMORY = "this needs more memory than the lake may use; ask for less, or let it use more (FULLFUNNEL_LAKE_MEMORY)"
_DISK_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
# Careful: "disk i/o error" is what SQLite says on some full disks too, where it cannot make its shared memory larger.
_SQLITE_WORDS = ("full", "disk i/o error", "readonly", "read-only")


def resource_error(error: BaseException | None) -> str:
    """Return a sentence that says which resource ran out; "" for any other error."""
    if isinstance(error, OSError):
        return DISK if error.errno in _DISK_ERRNOS else ""
    if isinstance(error, DatabaseError | sqlite3.Error):
        return DISK if any(word in str(error).lower() for word in _SQLITE_WORDS) else ""
    if isinstance(error, MemoryError):
        return MEMORY
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        return LAKE_MEMORY
    if isinstance(error, duckdb.IOException):
        return DISK if any(os.strerror(number) in str(error) for number in _DISK_ERRNOS) else ""
    return ""
