"""The cases of others in the shared folder are answered as they expect, and the runner finds what is wrong."""

import json

import pytest

from tests.cases import outcomes_of
from tests.cases.__main__ import _tell
from tests.kit.shared import ROOT, shared

# File -> the rows that our code cannot answer, each with why.
WRONG = {
    "funnels": {},
    "identity": {},
    "channels_ga4": {},
    "attribution": {
        "mta/position_based_6": "Unknown: position-based with 30 and 70 %: fullfunnel has [(20, 60), (40, 40), (60, 20)]"
    },
}
ROWS = {"funnels": 32, "identity": 24, "channels_ga4": 30, "attribution": 7}


@pytest.mark.parametrize("name", WRONG)
def test_every_case_is_answered_as_its_file_expects(db, data_dir, name):
    outcomes = outcomes_of(shared(f"cases/{name}.jsonl"))
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == WRONG[name]
    assert len(outcomes) == ROWS[name]


FUNNEL = {
    "name": "two steps",
    "events": [
        {"person": "ada", "event": "seen", "timestamp": "2026-01-01T00:00:00Z"},
        {"person": "ada", "event": "won", "timestamp": "2026-01-01T01:00:00Z"},
        {"person": "ben", "event": "seen", "timestamp": "2026-01-01T00:00:00Z", "properties": {"plan": "pro"}},
    ],
    "question": {"kind": "funnel", "steps": [{"event": "seen"}, {"event": "won"}]},
    "expected": {"steps": {"1": 2, "2": 1}, "people_reached": {"2": ["ada"]}},
}
HISTORY = {
    "name": "an identify",
    "kind": "identity",
    "setup_persons": [],
    "events": [{"event": "$identify", "distinct_id": "u", "properties": {"$set": {"plan": "pro"}}}],
    "expected": {"persons": [{"distinct_ids": ["u"], "properties": {"plan": "pro"}}], "person_count": 1},
}
CHANNEL = {
    "name": "a search",
    "kind": "ga4_default_channel",
    "input": {"source": "google", "medium": "organic", "campaign": ""},
    "expected": {"channel": "Organic Search"},
}
PATHS = {
    "name": "first",
    "kind": "attribution_paths",
    "input": {
        "journeys": [{"path": ["a", "b"], "conversions": 2, "nulls": 0}],
        "model": "first_touch",
        "params": None,
    },
    "expected": {"a": 2, "b": 0},
}


def ran(tmp_path, name, *rows):
    """(wrong by name of the row, n, m) of a file with these rows, somewhere."""
    path = tmp_path / "elsewhere" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    outcomes = outcomes_of(path)
    return {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong}, *_tell(path)


@pytest.mark.parametrize(
    ("name", "row", "changed", "wrong"),
    [
        ("funnels", FUNNEL, {"expected": {"steps": {"2": 2}}}, "steps is {'2': 1}, expected {'2': 2}"),
        (
            "funnels",
            FUNNEL,
            {"expected": {"people_reached": {"1": ["ada"]}}},
            "people_reached is {'1': ['ada', 'ben']}, expected {'1': ['ada']}",
        ),
        ("identity", HISTORY, {"expected": {"person_count": 2}}, "1 people, expected 2: [['u']]"),
        (
            "identity",
            HISTORY,
            {"expected": {"person_count": 1, "persons": [{"distinct_ids": ["v"]}]}},
            "nobody is ['v']; people are [['u']]",
        ),
        (
            "identity",
            HISTORY,
            {"expected": {"person_count": 1, "persons": [{"distinct_ids": ["u"], "properties": {}}]}},
            "traits of ['u'] are {'plan': 'pro'}, expected {}",
        ),
        ("channels_ga4", CHANNEL, {"expected": {"channel": "Email"}}, "Organic Search, expected Email"),
        (
            "attribution",
            PATHS,
            {"expected": {"a": 1, "b": 0}},
            "(ours, expected): {'a': (2.0, 1)}; not expected: set()",
        ),
        ("attribution", PATHS, {"expected": {"a": 2}}, "(ours, expected): {}; not expected: {'b'}"),
    ],
)
def test_a_wrong_answer_is_noticed(db, data_dir, tmp_path, name, row, changed, wrong):
    assert ran(tmp_path, f"{name}.jsonl", row) == ({}, 1, 1)
    assert ran(tmp_path, f"{name}.jsonl", row, row | {"name": "changed"} | changed) == ({"changed": wrong}, 1, 2)


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("funnels", FUNNEL | {"question": {"kind": "magic"}}, "the kind 'magic' is not known to this runner; known: funnel"),
        ("funnels", FUNNEL | {"expected": {"luck": 7}}, "expected has luck, which this runner does not know"),
        ("identity", HISTORY | {"kind": "guess"}, "the kind 'guess' is not known to this runner; known: identity"),
        ("identity", HISTORY | {"merges": []}, "the row has merges, which this runner does not know"),
        (
            "identity",
            HISTORY | {"events": [{"event": "x", "distinct_id": "u", "properties": {"$unset": ["a"]}}]},
            "an event's properties has $unset, which this runner does not know",
        ),
        ("channels_ga4", CHANNEL | {"input": {"source": "x", "content": "y"}}, "input has content, which this runner does not know"),
        (
            "attribution",
            PATHS | {"input": PATHS["input"] | {"model": "luck"}},
            "the model 'luck' is not known to this runner; known: first_touch, last_touch, linear, position_based",
        ),
    ],
)  # fmt: skip
def test_what_a_runner_does_not_know_fails_and_is_named(db, data_dir, tmp_path, name, row, wrong):
    assert ran(tmp_path, f"{name}.jsonl", row) == ({row["name"]: f"Unknown: {wrong}"}, 0, 1)


def test_a_row_that_breaks_the_runner_fails_alone(tmp_path):
    rows = [CHANNEL, {"name": "hollow", "kind": "ga4_default_channel"}, "[1]", "{", CHANNEL]
    wrong, right, all_of_them = ran(tmp_path, "channels_ga4.jsonl", *rows)
    assert (sorted(wrong), right, all_of_them) == (["hollow", "row 3", "row 4"], 2, 5)


def test_a_file_without_a_runner_counts_as_failed(tmp_path, capsys):
    wrong, right, all_of_them = ran(tmp_path, "tea_leaves.jsonl", {}, {})
    assert set(wrong.values()) == {"no runner: there is no tests/cases/tea_leaves.py"}
    assert (right, all_of_them) == (0, 2)
    assert capsys.readouterr().out.splitlines()[-1].endswith("elsewhere/tea_leaves.jsonl: 0/2")
    # The runner's own files are none.
    assert ran(tmp_path, "__main__.jsonl", {})[1:] == (0, 1)
    assert ran(tmp_path, "test_cases.jsonl", {})[1:] == (0, 1)
    assert ran(tmp_path, "channels_ga4.csv", "a,b", "1,2")[1:] == (0, 1)
    assert ran(tmp_path, "channels_ga4.jsonl")[1:] == (0, 1)
    assert [outcome.wrong for outcome in outcomes_of(tmp_path / "nowhere.jsonl")] == ["the file is absent"]


def test_the_command_ends_with_how_many_of_how_many_are_right(tmp_path):
    import subprocess
    import sys

    right, wrong = tmp_path / "channels_ga4.jsonl", tmp_path / "luck.jsonl"
    right.write_text(json.dumps(CHANNEL))
    wrong.write_text("{}\n{}\n")

    def command(*paths):
        done = subprocess.run(
            [sys.executable, "-m", "tests.cases", *map(str, paths)], capture_output=True, text=True, cwd=ROOT
        )
        return done.returncode, done.stdout.splitlines()[-1:], done.stderr

    assert command(right) == (0, ["1/1"], "")
    assert command(right, wrong) == (1, ["1/3"], "")
    assert command() == (2, [], "usage: python -m tests.cases FILE…\n")
