"""ClickHouse's own functions say the same of funnels, retention and trends, where the words mean the same.

Funnels: `windowFunnel` lets one event serve several steps and takes equal times in any order, so steps are of different events and no
two events of a person are at the same time; then its level is that of the best entry. Retention: one `retention` over the buckets
counted from each person's cohort. Trends: ClickHouse's own zones, and quantiles that interpolate.
"""

import random
from datetime import datetime
from decimal import Decimal

import pytest

from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from tests.engines.clickhouse import ClickHouse
from tests.engines.sliced import Sliced
from tests.engines.stream import Row, microseconds

HOUR = 3_600_000_000
# Clocks change in Berlin on 29 March and 25 October, in New York on 8 March and 1 November.
STARTS = ("2026-03-01T00:00:00Z", "2026-10-20T00:00:00Z")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
EXACT = ("events", "people", "sum")
MEASURES = (*EXACT, "mean", "median", "p90")
HOURS = {"hour": 60, "day": 24 * 20, "week": 24 * 70, "month": 24 * 300}


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory):
    found = ClickHouse(tmp_path_factory.mktemp("chdb"))
    yield found
    found.close()


def random_rows(rng, by):
    """Events of a few people, no two of one person at the same time."""
    start, rows = microseconds(rng.choice(STARTS)), []
    for person in range(30):
        moments = rng.sample(range(HOURS[by] * 60), rng.randint(1, 14))
        rows += [Row(f"p{person}", rng.choice("abcd"), start + at * HOUR // 60, properties(rng)) for at in moments]
    rng.shuffle(rows)
    return rows


def properties(rng):
    found = {"p": rng.choice(["x", "y", "z"]), "amount": rng.choice(["1", "12.5", "0.0001", "-3", "99999.99"])}
    return {name: value for name, value in found.items() if rng.random() < 0.8}


def random_step(rng, name):
    return {"event": name} | ({"where": [{"property": "p", "op": "=", "value": "x"}]} if rng.random() < 0.3 else {})


def random_period(rng, rows):
    if rng.random() < 0.4:
        return {"timezone": rng.choice(ZONES)}
    days = sorted(datetime.fromtimestamp(rng.choice(rows).at / 1e6).date().isoformat() for _ in range(2))  # noqa: DTZ006
    return {"from": days[0], "to": days[1], "timezone": rng.choice(ZONES)}


def random_funnel(rng, rows):
    names = rng.sample("abcd", rng.randint(2, 4))
    window = rng.choice([None, {"value": rng.choice([1, 5, 30]), "unit": rng.choice(["minute", "hour", "day"])}])
    steps = [random_step(rng, name) for name in names]
    return {"kind": "funnel", "steps": steps, "window": window, "period": random_period(rng, rows)}


def random_retention(rng, rows, by):
    question = {"start": random_step(rng, rng.choice("ab")), "return": random_step(rng, rng.choice("abc")), "by": by}
    question |= {"periods": rng.choice([1, 4, 8]), "mode": rng.choice(["on", "on_or_after"])}
    return {"kind": "retention", **question, "period": random_period(rng, rows)}


def random_trend(rng, rows, by):
    series = [random_step(rng, "a") | {"measure": one, "property": "amount"} for one in rng.sample(MEASURES, 2)]
    series[1] = series[0] | {"measure": series[1]["measure"]}
    return {
        "kind": "trend",
        "series": series,
        "by": by,
        "breakdown": {"property": "p"},
        "period": random_period(rng, rows),
    }


def check_funnel(clickhouse, world, question):
    assert [step["count"] for step in world.ask(question)["steps"]] == clickhouse.funnel(question)


def check_retention(clickhouse, world, question):
    meant = clickhouse.retention(question)
    rows = world.ask(question)["rows"]
    said = {(key_of(row["cohort"]), row["period"]): (row["size"], row["count"]) for row in rows if row["size"]}
    # ClickHouse also tells of cells that have not begun: there it counted nobody.
    assert {key: cell for key, cell in meant.items() if key in said} == said
    assert {count for key, (_, count) in meant.items() if key not in said} <= {0}
    assert {cohort for cohort, _ in meant} == {cohort for cohort, _ in said}


def check_trend(clickhouse, rows, question):
    world = dataset_of_rows(
        {"person": row.person, "event": row.event, "timestamp": row.at / 1_000, "properties": row.properties}
        for row in rows
    )
    meant, said = clickhouse.trend(question), answer(question, world)["rows"]
    for number, series in enumerate(question["series"], 1):
        own = [row for row in said if row["series"] == number and row["value"] not in (None, 0, "0")]
        found = {(key_of(row["at"]), row["group"]): row["value"] for row in own}
        measure = series["measure"]
        wanted = {key: values[measure] for key, values in meant.items() if values[measure] is not None}
        if measure == "sum":
            found, wanted = ({key: Decimal(one) for key, one in sums.items()} for sums in (found, wanted))
        assert found == (wanted if measure in EXACT else pytest.approx(wanted, rel=1e-9))


def key_of(label):
    """A bucket as ClickHouse is asked to call it: a date, or the second in which the hour begins."""
    return label if len(label) == 10 else str(int(datetime.fromisoformat(label).timestamp()))


def check(clickhouse, seed):
    rng = random.Random(seed)
    by = rng.choice(list(HOURS))
    rows = random_rows(rng, by)
    clickhouse.hold(rows)
    world = Sliced(rows, chunk=rng.choice([50, 10_000]), seed=seed)
    for _ in range(3):
        check_funnel(clickhouse, world, random_funnel(rng, rows))
        check_retention(clickhouse, world, random_retention(rng, rows, by))
    check_trend(clickhouse, rows, random_trend(rng, rows, by))


@pytest.mark.deep(quick=True)
@pytest.mark.parametrize("seed", range(12))
def test_clickhouse_says_the_same(clickhouse, seed):
    check(clickhouse, seed)


@pytest.mark.deep
def test_clickhouse_says_the_same_of_many_more(clickhouse):
    for seed in range(100, 300):
        check(clickhouse, seed)


@pytest.mark.deep(quick=True)
def test_the_same_is_not_nothing(clickhouse):
    """What is compared above is there: a funnel that people complete, cohorts that come back, sums that are money."""
    rng = random.Random(7)
    rows = random_rows(rng, "week")
    clickhouse.hold(rows)
    assert all(clickhouse.funnel({"steps": [{"event": "a"}, {"event": "b"}], "window": None}))
    question = {"start": {"event": "a"}, "return": {"event": "a"}, "by": "week", "periods": 2, "mode": "on"}
    assert sum(count for _, count in clickhouse.retention(question).values()) > 10
    assert len(clickhouse.trend({"series": [{"event": "a"}], "by": "week"})) > 10
