"""What a refusal says of a word that nobody here knows: the word, cut to a length that fits a sentence, and which one was meant."""

from collections.abc import Iterable
from difflib import SequenceMatcher

LONGEST = 100
# Two words as unlike as "wibble" and "window" are below it, "brekdown" and "breakdown" far above.
ALIKE = 0.5


def shortened(text: str) -> str:
    """At most LONGEST characters of what somebody sent, so that a refusal is not as long as that."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def quoted(value: object) -> str:
    """The same in quotes; what is no text as Python writes it."""
    return f"'{shortened(value)}'" if isinstance(value, str) else shortened(repr(value))


def nearest(given: object, known: Iterable[str]) -> str:
    """The known word that was meant, the first of several equals; "" where none is near."""
    if not isinstance(given, str):
        return ""
    matcher = SequenceMatcher(b=given.lower()[:LONGEST])
    best, likeness = "", (False, 0.0)
    for word in known:
        matcher.set_seq1(word.lower())
        letters = matcher.quick_ratio()
        if letters < max(ALIKE, likeness[1]):
            continue
        # The same letters in another order are a slip of the fingers: 'stesp' is 'steps', however like it is to 'step'.
        found = (letters == 1.0, matcher.ratio())
        if found[1] >= ALIKE and found > likeness:
            best, likeness = word, found
    return best


def did_you_mean(given: object, known: Iterable[str]) -> str:
    """ "; did you mean 'breakdown'?", or "" where no known word is near."""
    meant = nearest(given, known)
    return f"; did you mean {quoted(meant)}?" if meant else ""
