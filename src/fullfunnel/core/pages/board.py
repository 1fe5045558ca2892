"""What a board shows: columns of cards. The page says what stands in a card; core/_board.html draws the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

# What a column draws; its head counts all.
DRAWN = 50


@dataclass(frozen=True)
class Card:
    """`id` is unique on the page. `move_url` takes a POST with `to` (a column's key) and `before` (the id of the card that is
    to follow, "" for the end). `url` opens it, in the drawer. `body` is what the page's own template of a card draws."""

    id: str
    name: str
    url: str
    move_url: str
    body: Any = None


@dataclass(frozen=True)
class Column:
    """`count` counts all, `cards` holds what is drawn. `sums` is one text, "€76,800 · CHF 19,200": currencies are never added."""

    key: str
    name: str
    count: int
    cards: Sequence[Card] = ()
    sums: str = ""
    more_url: str = ""
    is_folded: bool = False


@dataclass(frozen=True)
class Board:
    """`label` names the board to who hears it: "Deals by stage". `card_template` draws a card's inside from `card.body`."""

    id: str
    label: str
    card_template: str
    columns: Sequence[Column] = field(default_factory=tuple)

    @property
    def is_empty(self) -> bool:
        """Whether no card is drawn, so that nothing in it takes the focus."""
        return not any(column.cards for column in self.columns)
