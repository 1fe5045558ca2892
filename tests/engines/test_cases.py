"""The funnel cases of ../shared/cases/funnels.jsonl: what PostHog's and ClickHouse's own tests expect."""

import json

from tests.engines.stream import Row, Stream, microseconds
from tests.kit.shared import shared


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def dataset_of(case):
    rows = [
        Row(
            str(event["person"]),
            event["event"],
            microseconds(event["timestamp"]),
            {name: text(value) for name, value in (event.get("properties") or {}).items() if value is not None},
            event.get("session"),
        )
        for event in case["events"]
    ]
    people = {row["person"]: {k: text(v) for k, v in row["properties"].items()} for row in case.get("people") or []}
    return Stream(rows, people)


def answered(case):
    world, question, expected = dataset_of(case), case["question"], case["expected"]
    answer, found = world.ask(question), {}
    if "steps" in expected:
        found["steps"] = {key: answer["steps"][int(key) - 1]["count"] for key in expected["steps"]}
    if "groups" in expected:
        groups = [{"steps": [s["count"] for s in g["steps"]], "value": g["value"]} for g in answer["groups"]]
        found["groups"] = sorted(groups, key=lambda g: (g["value"] is not None, g["value"] or ""))
    if "people_reached" in expected:
        found["people_reached"] = {}
        for key in expected["people_reached"]:
            listed = world.ask(question | {"show": "people", "step": int(key), "limit": 10_000})
            found["people_reached"][key] = sorted(one["person"] for one in listed["people"])
    if "mean_seconds_from_previous" in expected:
        found["mean_seconds_from_previous"] = {
            key: answer["steps"][int(key) - 1]["seconds_from_previous"]["mean"]
            for key in expected["mean_seconds_from_previous"]
        }
    return found


def test_every_case_of_the_peers_is_answered_as_they_expect():
    wrong = {}
    for line in shared("cases/funnels.jsonl").read_text().splitlines():
        case = json.loads(line)
        if "groups" in case["expected"]:
            case["expected"]["groups"].sort(key=lambda g: (g["value"] is not None, g["value"] or ""))
        if (found := answered(case)) != case["expected"]:
            wrong[case["name"]] = (case["expected"], found)
    assert wrong == {}
