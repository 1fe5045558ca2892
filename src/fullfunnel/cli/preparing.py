"""Prepares the data directory in a process of its own. Called as: python -m fullfunnel.cli.preparing.

`serve` starts it: so the supervisor, which lives as long as the server, never loads Django (35 MB).
"""

import os

from fullfunnel.cli import call, prepare_or_say
from fullfunnel.core.supervisor import die_with_parent

if __name__ == "__main__":
    die_with_parent(os.getppid())
    raise SystemExit(call(prepare_or_say))
