"""The people behind a bucket of a trend: who they are, by a story; as many as the number says, for every row of one."""

import pytest

from fullfunnel.journeys.ask import QuestionError, answer
from fullfunnel.journeys.datasets.file import dataset_of_rows


def event(person, name, at, **properties):
    return {"person": person, "event": name, "timestamp": at, "properties": properties}


EVENTS = [
    event("ada", "order", "2026-03-02T10:00:00Z", device="mobile"),
    event("ada", "order", "2026-03-02T09:00:00Z", device="desktop"),
    event("ben", "order", "2026-03-02T09:30:00Z", device="mobile"),
    event("cleo", "order", "2026-03-02T23:30:00Z"),
    event("ben", "order", "2026-03-03T09:00:00Z", device="tablet"),
    event("dan", "visit", "2026-03-03T12:00:00Z", device="mobile"),
]
PEOPLE = [
    {"person": "ada", "plan": "pro"},
    {"person": "ben", "plan": "team"},
    {"person": "cleo", "plan": "free"},
]
ORDERS = {"kind": "trend", "series": [{"event": "visit"}, {"event": "order", "measure": "people"}]}


def ask(**fields):
    return answer(ORDERS | fields, dataset_of_rows(EVENTS, PEOPLE))


def test_a_day_lists_who_it_counts_the_earliest_first():
    assert ask(show="people", at="2026-03-02", line=2) == {
        "kind": "trend",
        "people": [
            {"person": "ada", "entered_at": "2026-03-02T09:00:00Z"},
            {"person": "ben", "entered_at": "2026-03-02T09:30:00Z"},
            {"person": "cleo", "entered_at": "2026-03-02T23:30:00Z"},
        ],
        "total": 3,
    }
    piece = ask(show="people", at="2026-03-02", line=2, limit=1, offset=1)
    assert ([row["person"] for row in piece["people"]], piece["total"]) == (["ben"], 3)
    assert ask(show="people", at="2026-03-02")["people"] == []


def test_a_day_is_that_of_the_zone_and_ends_with_the_period():
    berlin = {"from": "2026-03-02", "to": "2026-03-03T09:59:00", "timezone": "Europe/Berlin"}
    listed = ask(show="people", at="2026-03-03", line=2, period=berlin)["people"]
    assert [row["person"] for row in listed] == ["cleo"]


@pytest.mark.parametrize("of", ["event", "person"])
@pytest.mark.parametrize("limit", [1, 2, 25])
@pytest.mark.parametrize("where", [[], [{"property": "plan", "op": "!=", "value": "team", "of": "person"}]])
def test_every_number_of_people_has_so_many_behind_it(of, limit, where):
    split = {"breakdown": {"property": "device" if of == "event" else "plan", "of": of, "limit": limit}, "where": where}
    series = [one | {"measure": "people"} for one in ORDERS["series"]]
    rows = ask(series=series, **split)["rows"]
    assert sum(row["value"] for row in rows) > 0
    for row in rows:
        which = {"at": row["at"], "line": row["series"], "group": row["group"]}
        listed = ask(series=series, **split, show="people", **which)
        assert listed["total"] == len({one["person"] for one in listed["people"]}) == row["value"], row


@pytest.mark.parametrize(
    ("fields", "where", "message"),
    [
        ({}, "at", "is needed: the bucket whose people are listed"),
        ({"at": "2026-04-01"}, "at", "is no bucket of this question; use one that its rows name, such as '2026-03-03'"),
        ({"at": "2026-03-02", "line": 3}, "line", "must be a whole number from 1 to 2"),
        ({"at": "2026-03-02", "group": "mobile"}, "group", "this question has no breakdown"),
    ],
)
def test_what_cannot_be_listed_is_refused(fields, where, message):
    with pytest.raises(QuestionError, match=message) as refused:
        ask(show="people", **fields)
    assert refused.value.field == where
