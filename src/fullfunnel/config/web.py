"""A child of `serve`: granian with its web workers (one on Linux). Called as: python -m fullfunnel.config.web HOST PORT WORKERS [capture]."""

import os
import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from fullfunnel.core.supervisor import die_with_parent

KILL_AFTER = 5


def main(host: str, port: str, workers: str, only: str = "") -> None:
    die_with_parent()
    os.environ["FULLFUNNEL_ONLY"] = only
    Granian(
        "fullfunnel.config.asgi:served",
        address=host,
        port=int(port),
        interface=Interfaces.ASGINL,
        factory=True,
        workers=int(workers),
        websockets=False,
        http=HTTPModes.http1,
        # The supervisor starts it again: granian would do so without a pause, however often it fails.
        respawn_failed_workers=False,
        # Careful: without it granian waits for ever for a request that hangs.
        workers_kill_timeout=KILL_AFTER,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
