"""The catalogue: every text that a customer sees, and of mails to members, by key and language. Members' pages are written in their templates."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from fullfunnel.core.texts.catalogue import TEXTS

# The first is what a text falls back to. French comes with the mail.
LANGUAGES = {"en": "English", "de": "Deutsch"}
FALLBACK = "en"
_WANTED = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]+)?\s*(?:;\s*q=([0-9.]{1,5}))?\s*", re.IGNORECASE)


Own = Mapping[tuple[str, str], str]
_NAME = re.compile(r"\{(\w+)\}")
_own: ContextVar[Callable[[], Own]] = ContextVar("own_texts", default=dict)


@contextmanager
def using(load: Callable[[], Own]) -> Iterator[None]:
    """Say a workspace's own texts inside, by (key, language); `load` is called when the first text is said."""
    token = _own.set(cache(load))
    try:
        yield
    finally:
        _own.reset(token)


def say(key: str, language: str, **values: object) -> str:
    """Return the text of `key`, with its {names} filled in. KeyError: no such text."""
    said = language if language in TEXTS[key] else FALLBACK
    text = _own.get()().get((key, said)) or TEXTS[key][said]
    return filled(text, values) if values else text


def filled(text: str, values: Mapping[str, object]) -> str:
    """Put values in the place of {names}. KeyError: one is missing."""
    return _NAME.sub(lambda found: str(values[found[1]]), text)


def names_in(text: str) -> list[str]:
    """Return the names to be filled in, each once, in order."""
    return list(dict.fromkeys(_NAME.findall(text)))


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
