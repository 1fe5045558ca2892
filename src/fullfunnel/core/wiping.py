"""What was deleted from the main database is gone from the disk."""

from django.db import connection


def wipe_deleted() -> None:
    """Moves SQLite's write-ahead log into the file and cuts it to nothing. Not inside a transaction, which would wait for itself.

    Careful: until then the file holds what was deleted, and the log what was written; secure_delete overwrites, but in the log first.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
