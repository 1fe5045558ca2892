"""Reading what `show: people` lists: which people, and which piece of the list. Every kind that counts people shares it."""

from typing import TypedDict

from fullfunnel.journeys.questions.fields import Fields

PIECE = ("show", "group", "limit", "offset")


class Piece(TypedDict):
    """The fields of questions.shapes.Listed."""

    group: tuple[str | None, ...]
    limit: int
    offset: int


def lists_people(fields: Fields) -> bool:
    """Whether people are asked for, and not the rows that count them."""
    return fields.choice("show", ("rows", "people"), "rows") == "people"


def read_piece(fields: Fields) -> Piece:
    if fields.has("group") and not fields.given.get("breakdown"):
        raise fields.refuse("group", "names a group, and this question has no breakdown; add one, or leave it out")
    return {
        "group": fields.group("group"),
        "limit": fields.whole("limit", 100, 0, 1_000_000),
        "offset": fields.whole("offset", 0, 0, 2**53),
    }
