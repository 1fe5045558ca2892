"""Name the channels of touches: the first rule that fits, else our own group. And the SQL that finds which touches there are. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fullfunnel.capture.channels import fullfunnel_channel
from fullfunnel.capture.own_channels.rules import Rule
from fullfunnel.events.conditions import Condition, literal_sql, truths
from fullfunnel.events.store.dialects import Dialect, Groups

# What our own group looks at, and the channel that a touch has.
TOLD = ("channel", "source", "medium", "campaign")
Row = Mapping[str, Any]


def name_touches(
    rules: Sequence[Rule], told: Mapping[str, Sequence[str]], held: Mapping[Condition, NDArray[np.bool_]]
) -> list[str]:
    """Return the group of each touch; "" of what is no touch. told: TOLD of each; held: where each condition holds."""
    named = ["" for _ in told["channel"]]
    free = np.array([bool(channel) for channel in told["channel"]], np.bool_)
    for rule in rules:
        fits = free.copy()
        for condition in rule.where:
            fits &= held[condition]
        for at in np.flatnonzero(fits).tolist():
            named[at] = rule.name
        free &= ~fits
    for at in np.flatnonzero(free).tolist():
        channel, *others = (told[name][at] for name in TOLD)
        # Who says its channel alone is believed.
        named[at] = fullfunnel_channel(*others) if any(others) else channel
    return named


def touches_sql(rules: Iterable[Rule], d: Dialect, further: str = "") -> str:
    """Return SQL for the different touches of a workspace, as far as the rules tell them apart."""
    told = ", ".join(f"coalesce({name}, '') AS {name}" for name in TOLD)
    others = "".join(f", {literal_sql(one, d)} AS h{at}" for at, one in enumerate(_others(rules)))
    where = f"workspace_id = ? AND coalesce(channel, '') <> ''{further}"
    return f"SELECT {told}{others}, count(*) AS touches FROM events WHERE {where} GROUP BY ALL"


def name_rows(rules: Sequence[Rule], asked: Iterable[Rule], rows: Sequence[Row]) -> list[str]:
    """Return the group of each row of touches_sql; `asked` are the rules that it was written for."""
    told = {name: [str(row[name]) for row in rows] for name in TOLD}
    held = {one: np.array([row[f"h{at}"] for row in rows], np.bool_) for at, one in enumerate(_others(asked))}
    for condition in (one for rule in rules for one in rule.where if one.property in TOLD):
        held[condition] = truths(condition, told[condition.property])[:-1]
    return name_touches(rules, told, held)


def groups_of(rules: Sequence[Rule], rows: Sequence[Row]) -> Groups:
    """Return what the store joins to events, out of the rows of touches_sql."""
    held = [f"h{at}" for at in range(len(_others(rules)))]
    keys = ["\x1f".join([*(str(row[name]) for name in TOLD), *(str(row[one]).lower() for one in held)]) for row in rows]

    def key(d: Dialect) -> str:
        parts = [f"coalesce({name}, '')" for name in TOLD]
        parts += [f"CAST({literal_sql(one, d)} AS VARCHAR)" for one in _others(rules)]
        return f"CASE WHEN coalesce(channel, '') <> '' THEN concat_ws(chr(31), {', '.join(parts)}) END"

    return Groups(key, keys, name_rows(rules, rules, rows))


def _others(rules: Iterable[Rule]) -> list[Condition]:
    """Return the conditions about anything but TOLD: of a click id only this is asked, whatever its value."""
    return list(dict.fromkeys(one for rule in rules for one in rule.where if one.property not in TOLD))
