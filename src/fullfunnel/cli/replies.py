"""What `fullfunnel ask` writes on stdout, and how it ends."""

import argparse
import sys
from typing import Any

import orjson

# Exit statuses.
DONE, BAD_INPUT, OUT_OF_TIME = 0, 2, 3


def refuse(args: argparse.Namespace, field: str, message: str) -> int:
    """Write what is wrong as JSON; return the exit status."""
    write(args, {"error": {"field": field, "message": message}})
    return BAD_INPUT


def write(args: argparse.Namespace, answer: dict[str, Any]) -> None:
    """Write an answer at once."""
    option = orjson.OPT_SERIALIZE_NUMPY | (0 if args.json or args.stdin else orjson.OPT_INDENT_2)
    sys.stdout.buffer.write(orjson.dumps(answer, option=option) + b"\n")
    sys.stdout.buffer.flush()
