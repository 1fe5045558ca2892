"""What a command says to whoever typed it: sentences on stderr, so that stdout stays clean for scripts."""

import sys


def say(sentence: str) -> None:
    print(f"fullfunnel: {sentence}", file=sys.stderr, flush=True)


def fail(sentence: str, status: int = 2) -> int:
    """Says why, and gives the exit status: 1 failed, 2 bad input, 3 out of time."""
    say(sentence)
    return status
