"""Prepares the data directory for `serve`, whose own process so never loads Django (35 MB)."""

import os

from fullfunnel.cli import call, prepare_or_say
from fullfunnel.core.supervisor import die_with_parent

if __name__ == "__main__":
    die_with_parent(os.getppid())
    raise SystemExit(call(prepare_or_say))
