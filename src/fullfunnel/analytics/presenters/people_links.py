"""How a link names the people behind a number: the fields of `show: people` that choose them, each with "who." before it. Pure."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fullfunnel.analytics.pictures import NO_VALUE

Json = dict[str, Any]
TEXTS = ("cohort", "outcome", "at", "node", "from", "to", "group", "factor", "property", "value")
NUMBERS = ("after", "line", "node_depth", "link_depth")


def who(row: Json, **fields: Any) -> str:
    """The query string for `fields`, and for the group of an answer's row where it has one."""
    if "group" in row:
        fields |= {"nogroup": 1} if row["group"] is None else {"group": row["group"]}
    return urlencode({f"who.{name}": value for name, value in fields.items() if value is not None})


def read_people_link(query: Mapping[str, str]) -> Json:
    """What a query string says. A number that is none is kept for the reader of questions to refuse."""
    found: Json = {name: query[f"who.{name}"] for name in (*TEXTS, *NUMBERS) if f"who.{name}" in query}
    for name in NUMBERS:
        if name in found and found[name].isdecimal() and len(found[name]) < 10:
            found[name] = int(found[name])
    if "factor" in found:
        # Of a drop-off's row; a value that is not said is no value.
        found = {"value": None, "with": query.get("who.others") != "1"} | found
    return found | ({"group": None} if query.get("who.nogroup") else {})


def group_words(question: Json) -> str:
    """ " (device: mobile)", where a group was chosen."""
    if "group" not in question or "breakdown" not in question:
        return ""
    value = NO_VALUE if question["group"] is None else question["group"]
    return f" ({str(question['breakdown']['property']).replace('_', ' ')}: {value})"
