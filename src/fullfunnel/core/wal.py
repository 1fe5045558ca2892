"""Empty SQLite's write-ahead log, so that deleted rows are gone from the disk."""

from django.db import connection


def truncate_wal() -> None:
    """Move the write-ahead log into the database file and truncate it. Inside a transaction do nothing.

    Careful: until then the file holds what was deleted. secure_delete overwrites it, but in the log first.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
