"""A restored copy: what waited in it is not sent, for its original may have sent it. Free of Django, as `restore` is."""

import sqlite3
from contextlib import closing
from pathlib import Path

SAID = "It waited when the backup was made; the original may have sent it."


def withdraw_mails(main: Path) -> None:
    """Call uncertain whatever has no outcome in the main database of a copy; nothing in one from before there was mail."""
    with closing(sqlite3.connect(main)) as connection, connection:
        there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'core_queuedmail'"
        if connection.execute(there).fetchone():
            connection.execute(
                "UPDATE core_queuedmail SET state = 'uncertain', answer = ?, subject = '', text = '' "
                "WHERE state IN ('waiting', 'handing_over')",
                [SAID],
            )
