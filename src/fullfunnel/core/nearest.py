"""Which known word somebody meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher


def nearest(given: str, known: Iterable[str]) -> str:
    """The known word most like `given`; the first of several equals. ValueError when none is known."""
    return max(known, key=lambda word: SequenceMatcher(None, given.lower()[:100], word.lower()).ratio())
