"""Questions at the edges of what may be asked: every kind, over the years 1 to 9999, with every size at its ends."""

from collections.abc import Iterator
from itertools import product
from typing import Any

Json = dict[str, Any]
PAID, SEEN = {"event": "paid"}, {"event": "seen"}
FIRST, LAST = "0001-01-02", "9999-12-30"
PERIODS: tuple[Json, ...] = (
    {},
    {"from": "0001-01-01"},
    {"to": LAST},
    {"from": FIRST, "to": "2020-01-01"},
    {"from": FIRST, "to": LAST, "timezone": "Europe/Berlin"},
    {"from": LAST, "to": LAST},
)
NO_TIME = {"value": 0, "unit": "second"}
LONG = {"value": 20_000, "unit": "day"}
LONGEST = {"value": 240_000, "unit": "month"}
SPANS: tuple[Json | None, ...] = (NO_TIME, LONG, LONGEST, None)
# Of a property that nobody has and of one with a value each, by events, people and companies.
BREAKDOWNS: tuple[Json | None, ...] = (
    None,
    *({"property": name, "of": of, "limit": 1_000} for name in ("nothing", "number") for of in ("event", "person")),
    {"property": "number", "of": "company", "limit": 1},
)
BY = ("hour", "day", "week", "month")
ORDERS: dict[str, tuple[str, ...]] = {
    "order": ("ordered", "strict", "any"),
    "count": ("people", "companies", "deals", "sessions", "entries"),
}
PIECES: tuple[Json, ...] = ({"limit": 0, "offset": 0}, {"limit": 1_000_000, "offset": 2**53})


def with_each(base: Json, **fields: tuple[Any, ...]) -> Iterator[Json]:
    """The question with all combinations of these values; `...` leaves a field out."""
    for values in product(*fields.values()):
        yield base | {name: one for name, one in zip(fields, values, strict=True) if one is not ...}


def trends() -> Iterator[Json]:
    series = [PAID, {"event": "nothing"}, {"event": "paid", "measure": "p90", "property": "revenue"}]
    for many in (series[1:2], series):
        yield from with_each({"kind": "trend", "series": many}, by=BY, period=PERIODS, breakdown=BREAKDOWNS[:4])
    yield from with_each({"kind": "trend", "series": [PAID] * 20, "breakdown": BREAKDOWNS[3]}, by=BY)
    people = {"kind": "trend", "series": [PAID], "show": "people", "at": "2019-01-01"}
    for piece in PIECES:
        yield from with_each(people | piece, by=BY, period=PERIODS, breakdown=BREAKDOWNS[:2])


def retentions() -> Iterator[Json]:
    for start in (SEEN, {"event": "nothing"}):
        base = {"kind": "retention", "start": start, "return": PAID}
        yield from with_each(base, by=BY, period=PERIODS, periods=(1, 100), breakdown=BREAKDOWNS[:4])
    people = {"kind": "retention", "start": SEEN, "show": "people", "periods": 100, "after": 100}
    for piece in PIECES:
        yield from with_each(people | piece, by=BY, period=PERIODS)


def paths() -> Iterator[Json]:
    base = {"kind": "paths", "anchor": SEEN, "by": "number"}
    yield from with_each(
        base, direction=("after", "before"), depth=(1, 10), top=(1, 20), window=SPANS, breakdown=BREAKDOWNS
    )
    yield from with_each(base, period=PERIODS, breakdown=BREAKDOWNS)
    for piece in PIECES:
        yield from with_each(base | {"show": "people", "node": "7"} | piece, period=PERIODS, depth=(1, 10))


def funnels() -> Iterator[Json]:
    for steps in ([SEEN, PAID], [SEEN, PAID] * 15):
        base = {"kind": "funnel", "steps": steps, "window": None}
        yield from with_each(base | {"show": "trend"}, by=BY, period=PERIODS, breakdown=BREAKDOWNS[:4])
        yield from with_each(base, **ORDERS, window=SPANS, breakdown=(None, BREAKDOWNS[3]))
        yield from with_each(base | {"show": "time_to_convert"}, bins=(..., 1, 200), breakdown=BREAKDOWNS, window=SPANS)
        for piece in PIECES:
            yield from with_each(base | {"show": "people"} | piece, period=PERIODS, outcome=("reached", "pending"))


def attributions() -> Iterator[Json]:
    base = {"kind": "attribution", "conversion": PAID | {"value": "revenue"}, "touches": SEEN, "by": "source"}
    yield from with_each(base | {"bootstrap": 1_000, "limit": 100}, breakdown=BREAKDOWNS[:4])
    yield from with_each(base | {"bootstrap": 0}, limit=(1, 100), lookback=SPANS, half_life=SPANS, period=PERIODS)


def whys() -> Iterator[Json]:
    for funnel in with_each({"kind": "funnel", "steps": [SEEN, PAID] * 15}, **ORDERS, window=SPANS):
        yield {"kind": "why", "question": funnel, "unit": "p1"}
    funnel = {"kind": "funnel", "steps": [SEEN, PAID], "window": NO_TIME}
    for period in PERIODS:
        yield from with_each(
            {"kind": "why", "question": funnel | {"period": period}}, unit=("p1", "p2"), entered_at=(None, FIRST, LAST)
        )


def drop_offs() -> Iterator[Json]:
    names = [f"name {at}" for at in range(99)]
    for period, window in product(PERIODS, SPANS):
        funnel = {"kind": "funnel", "steps": [SEEN, PAID], "window": window, "period": period}
        base = {"kind": "drop_off", "question": funnel}
        yield from with_each(base, limit=(1, 1_000), properties=(["number"], ["number", *names]))
        for piece in PIECES:
            yield base | {"show": "people"} | piece


def stages() -> Iterator[Json]:
    base = {"kind": "stages"}
    by = ({"property": name, "of": "event"} for name in ("channel", "device"))
    yield from with_each(base, period=PERIODS, compare=(None, *PERIODS[1:]), breakdown=(None, *by))
    for sells in ("companies", "households", "online", "both"):
        yield from with_each(base | {"sells": sells}, period=PERIODS)


def leaks() -> Iterator[Json]:
    base = {"kind": "leaks"}
    for sells in ("companies", "households", "online", "both"):
        yield from with_each(base | {"sells": sells}, period=PERIODS)
    yield from with_each(base | {"leak": "awareness|device|mobile"}, period=PERIODS, show=("rows", "people"))


def returns() -> Iterator[Json]:
    base = {"kind": "returns"}
    yield from with_each(
        base, period=PERIODS, compare=(None, *PERIODS[1:]), by=("channel", "channel_group", "campaign")
    )
    yield from with_each(base | {"count": "companies"}, model=("linear", "participation"), lookback=(None,))
    yield from with_each(base | {"show": "people"}, stage=("awareness", "opportunity"), group=(None, "x"))


EXTREMES = {
    "trend": trends,
    "retention": retentions,
    "paths": paths,
    "funnel": funnels,
    "attribution": attributions,
    "why": whys,
    "drop_off": drop_offs,
    "stages": stages,
    "leaks": leaks,
    "returns": returns,
}
