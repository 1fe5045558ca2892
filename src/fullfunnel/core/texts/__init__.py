"""The catalogue: every text that a customer sees, by key and language. What members see is written in their templates."""

import re

from fullfunnel.core.texts.catalogue import TEXTS

# The first is what a text falls back to. French comes with the mail.
LANGUAGES = {"en": "English", "de": "Deutsch"}
FALLBACK = "en"
_WANTED = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([0-9.]{1,5}))?\s*", re.IGNORECASE)


def say(key: str, language: str, **values: object) -> str:
    """Return the text of `key`, with its {names} filled in. KeyError: no such text."""
    texts = TEXTS[key]
    text = texts.get(language) or texts[FALLBACK]
    return text.format(**values) if values else text


def language_of(*wanted: str) -> str:
    """Return the first of these languages that there is; empty and unknown ones are passed over."""
    return next((name for name in wanted if name in LANGUAGES), FALLBACK)


def language_of_browser(accept: str) -> str:
    """Return the language that an Accept-Language header likes best; "" when it names none of ours."""
    found: list[tuple[float, str]] = []
    for part in accept[:500].split(","):
        if (match := _WANTED.fullmatch(part)) and match[1].lower() in LANGUAGES:
            try:
                found.append((float(match[2] or 1), match[1].lower()))
            except ValueError:
                continue
    return max(found, key=lambda pair: pair[0], default=(0.0, ""))[1]
