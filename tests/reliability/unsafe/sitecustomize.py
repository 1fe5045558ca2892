"""Put on PYTHONPATH, makes a Python process forget to sync: the control of the power-cut test, which must lose."""

import os
import sqlite3

_connect = sqlite3.connect


class Unsafe(sqlite3.Connection):
    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        return super().execute(sql.replace("synchronous=FULL", "synchronous=OFF"), *values)  # type: ignore[arg-type]


def connect(*arguments: object, **options: object) -> sqlite3.Connection:
    return _connect(*arguments, **({"factory": Unsafe} | options))  # type: ignore[call-overload,no-any-return]


sqlite3.connect = sqlite3.dbapi2.connect = connect  # type: ignore[assignment]
os.fsync = os.fdatasync = lambda fd: None
