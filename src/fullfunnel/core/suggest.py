"""Suggest the word that was meant, for refusals of a word that is not known."""

from collections.abc import Iterable
from difflib import SequenceMatcher

# Characters of a sender's text that a sentence may hold.
MAX_LENGTH = 100
# "wibble" and "window" are less alike, "brekdown" and "breakdown" far more.
MIN_LIKENESS = 0.5


def shortened(text: str) -> str:
    """Cut a sender's text to MAX_LENGTH characters."""
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH]}…"


def quoted(value: object) -> str:
    """Cut and quote a value; one that is no text is written as Python does."""
    return f"'{shortened(value)}'" if isinstance(value, str) else shortened(repr(value))


def closest_word(given: object, known: Iterable[str]) -> str:
    """Return the known word that is most like the given one, the first of several equals; "" where none is alike."""
    if not isinstance(given, str):
        return ""
    matcher = SequenceMatcher(b=given.lower()[:MAX_LENGTH])
    best, likeness = "", (False, 0.0)
    for word in known:
        matcher.set_seq1(word.lower())
        letters = matcher.quick_ratio()
        if letters < max(MIN_LIKENESS, likeness[1]):
            continue
        # The same letters in another order are a slip of the fingers: 'stesp' is 'steps', however like it is to 'step'.
        candidate = (letters == 1.0, matcher.ratio())
        if candidate[1] >= MIN_LIKENESS and candidate > likeness:
            best, likeness = word, candidate
    return best


def did_you_mean(given: object, known: Iterable[str]) -> str:
    """Return "; did you mean 'breakdown'?", or "" where no known word is alike."""
    meant = closest_word(given, known)
    return f"; did you mean {quoted(meant)}?" if meant else ""
