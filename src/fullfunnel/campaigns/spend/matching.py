"""Which campaign a name in a report belongs to: what somebody said, else the platform's id, the tag in addresses, the name. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

ALIKE = 0.6


class Name(NamedTuple):
    """How a platform calls a campaign."""

    platform: str
    id: str
    name: str

    @property
    def key(self) -> str:
        """What a choice is remembered under."""
        return (self.id or self.name).lower()


@dataclass(frozen=True)
class Known:
    """A campaign as matching sees it."""

    id: int
    name: str
    platform: str
    platform_id: str
    tags: tuple[str, ...]


class Match(NamedTuple):
    """campaign: None where nothing fits, or it was said to belong to none. why: in words."""

    campaign: int | None
    why: str
    is_left_out: bool = False


NOTHING = Match(None, "")


def match(name: Name, campaigns: Sequence[Known], said: Mapping[tuple[str, str], int | None]) -> Match:
    """Return what a name belongs to. said: (platform, key) -> campaign, None for left out."""
    if (name.platform, name.key) in said:
        chosen = said[name.platform, name.key]
        return Match(chosen, "chosen by hand" if chosen else "left out by hand", chosen is None)
    of_platform = [one for one in campaigns if one.platform in ("", name.platform)]
    plain = name.name.strip().lower()
    ways = (
        ("same id", lambda one: bool(name.id) and one.platform_id == name.id),
        ("same tag", lambda one: bool(plain) and plain in one.tags),
        ("same name", lambda one: bool(plain) and one.name.lower() == plain),
    )
    for why, fits in ways:
        found = [one for one in of_platform if fits(one)]
        if len(found) == 1:
            return Match(found[0].id, why)
    return NOTHING


def offered(name: Name, campaigns: Iterable[Known]) -> Match:
    """Return the campaign whose name or tag is most alike, to be looked at by somebody."""
    plain = name.name.strip().lower()
    best, share = NOTHING, ALIKE
    for one in campaigns if plain else ():
        if one.platform not in ("", name.platform):
            continue
        alike = max(SequenceMatcher(None, plain, each).ratio() for each in (one.name.lower(), *one.tags))
        if alike > share:
            best, share = Match(one.id, f"“{one.name}” is written alike"), alike
    return best
