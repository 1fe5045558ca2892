"""What a command says to whoever typed it: sentences on stderr, so that stdout stays clean for scripts."""

import argparse
import sys


def say(sentence: str) -> None:
    print(f"fullfunnel: {sentence}", file=sys.stderr, flush=True)


def fail(sentence: str, status: int = 2) -> int:
    """Says why, and gives the exit status: 1 failed, 2 bad input, 3 out of time."""
    say(sentence)
    return status


def port_number(text: str) -> int:
    """A port that one can name, for argparse. Careful: the system takes 99999 for 34463 and says nothing."""
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a whole number from 1 to 65535")
    return int(text)
