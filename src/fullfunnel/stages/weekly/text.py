"""The text of Monday's mail. Free of Django."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """A line of the mail and the page that it leads to."""

    words: str
    url: str


def mail_text(leaks: Sequence[Item], leads: Sequence[Item]) -> str:
    """Return what the mail says below its sentence; a part without items is left out."""
    parts = [("What costs most", leaks), ("Your leads to call first", leads)]
    return "\n\n".join(_part(title, items) for title, items in parts if items)


def _part(title: str, items: Sequence[Item]) -> str:
    return "\n".join([f"{title}:", *(f"- {item.words}\n  {item.url}" for item in items)])
