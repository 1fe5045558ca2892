"""Prepare the data directory, one child for each line read; prints each one's exit status and how many steps it took.

`K`: the child is killed before its K-th step; 0: not at all. A step is a statement of SQL, an fsync, or a rename.
"""

import os
import signal
import sys
from multiprocessing import Value
from typing import Any

steps: Any = Value("i", 0)
commits: Any = Value("i", 0)


def step(kill_at: int, statement: str = "") -> None:
    steps.value += 1
    if steps.value == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    if statement.startswith("COMMIT"):
        commits.value = steps.value


def prepare_and_die(kill_at: int) -> None:
    from django.db.backends.signals import connection_created

    from fullfunnel.cli.preparing import prepare

    def trace(connection: Any, **_: Any) -> None:
        connection.connection.set_trace_callback(lambda statement: step(kill_at, statement))

    connection_created.connect(trace)
    fsync, replace = os.fsync, os.replace

    def counted(do: Any) -> Any:
        def run(*arguments: Any, **named: Any) -> None:
            step(kill_at)
            do(*arguments, **named)

        return run

    os.fsync, os.replace = counted(fsync), counted(replace)
    if reason := prepare():
        raise SystemExit(reason)


def main() -> None:
    import django

    django.setup()
    from django.core.management import commands  # noqa: F401
    from django.db.migrations.loader import MigrationLoader

    MigrationLoader(None)
    print("ready", flush=True)
    for line in sys.stdin:
        steps.value = commits.value = 0
        child = os.fork()
        if child == 0:
            prepare_and_die(int(line))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, steps.value, commits.value, flush=True)


if __name__ == "__main__":
    main()
