"""The one gate between a mail and the world. Every transport is called here and nowhere else (tests/test_architecture.py)."""

from pathlib import Path

from fullfunnel.core.directory import reason_to_keep_in
from fullfunnel.core.mail.letters import Letter, write_letter
from fullfunnel.core.mail.outcomes import Came, Outcome
from fullfunnel.core.mail.smtp import Relay, hand_over_by_smtp


def hand_over(letter: Letter, *, relay: Relay, data: Path) -> Outcome:
    """Write a mail and hand it over, unless `data` is the directory of a demo or of a restored copy: these send nothing."""
    if reason := reason_to_keep_in(data):
        return Outcome(Came.REFUSED, reason)
    try:
        written = write_letter(letter)
    except ValueError as error:
        return Outcome(Came.REFUSED, f"It could not be written: {error}.")
    return hand_over_by_smtp(written, sender=letter.sender, recipient=letter.recipient, relay=relay)
