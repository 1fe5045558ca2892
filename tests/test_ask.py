"""`fullfunnel ask` as a program: what goes in, what comes out, and with which status it ends."""

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

FUNNEL = {"kind": "funnel", "steps": [{"event": "visit"}, {"event": "order"}]}
ROWS = [
    {"person": "ada", "event": "visit", "timestamp": "2026-03-01T10:00:00Z", "properties": {"path": "/"}},
    {"person": "ada", "event": "order", "timestamp": "2026-03-02T10:00:00Z"},
    {"person": "ben", "event": "visit", "timestamp": 1772532000},
]
TREND = {"kind": "trend", "series": [{"event": "visit"}], "by": "month"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "q.json").write_text(json.dumps(FUNNEL))
    (tmp_path / "trend.json").write_text(json.dumps(TREND))
    (tmp_path / "events.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    return tmp_path


@pytest.fixture
def ask(folder: Path) -> Any:
    """Runs `fullfunnel ask …` in a folder without any set-up: (status, answer, stderr)."""

    def run(*words: str, given: str = "") -> tuple[int, Any, str]:
        done = subprocess.run(
            [sys.executable, "-m", "fullfunnel", "ask", *words],
            cwd=folder, input=given, env=bare(), capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    return run


def bare() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("FULLFUNNEL_", "DJANGO_"))}


def counts(answer: Any) -> list[int]:
    return [step["count"] for step in answer["steps"]]


def test_a_file_is_asked_without_leaving_anything_behind(ask, folder):
    before = sorted(folder.iterdir())
    status, answer, told = ask("q.json", "--events", "events.jsonl")
    assert (status, counts(answer), told) == (0, [2, 1], "")
    assert sorted(folder.iterdir()) == before


def test_the_question_may_come_from_standard_input(ask):
    status, answer, _ = ask("-", "--events", "events.jsonl", "--json", given=json.dumps(TREND))
    assert (status, answer["rows"][0]["value"]) == (0, 2)


def test_columns_are_named_by_flags_and_flags_belong_to_their_file(ask, folder):
    (folder / "visits.csv").write_text("user;at\nada;01/03/2026 10:00\nben;03/03/2026 10:00\n")
    (folder / "orders.csv").write_text("user,paid on\nada,2 Mar 2026\n")
    status, answer, told = ask(
        "q.json", "--person", "user",
        "--events", "visits.csv", "--event-name", "visit", "--time", "at", "--time-format", "day-first",
        "--events", "orders.csv", "--event-name", "order", "--time", "paid on",
    )  # fmt: skip
    assert (status, counts(answer), told) == (0, [2, 1], "")


def test_an_address_is_one_person_in_any_spelling(ask, folder):
    (folder / "mails.csv").write_text(
        "person,event,timestamp\nGina@g.example,visit,2026-03-01\nmailto:gina@G.example,order,2026-03-02\n"
    )
    status, answer, _ = ask("q.json", "--events", "mails.csv")
    assert (status, counts(answer)) == (0, [1, 1])


def test_people_have_traits_from_a_file_of_their_own(ask, folder):
    (folder / "people.csv").write_text("person,plan\nada,pro\n")
    question = {**TREND, "breakdown": {"property": "plan", "of": "person"}}
    status, answer, _ = ask("-", "--events", "events.jsonl", "--people", "people.csv", given=json.dumps(question))
    assert (status, [(row["group"], row["value"]) for row in answer["rows"]]) == (0, [(None, 1), ("pro", 1)])


def test_bad_rows_are_told_with_line_and_reason_and_counted(ask, folder):
    lines = (folder / "events.jsonl").read_text().splitlines()
    (folder / "events.jsonl").write_text(
        "\n".join([lines[0], "not JSON", *lines[1:], '{"person": "", "event": "visit"}'])
    )
    status, answer, told = ask("q.json", "--events", "events.jsonl")
    assert (status, counts(answer)) == (0, [2, 1])
    assert told.splitlines() == [
        "events.jsonl, line 2: cannot be read as JSON: JSON is malformed: invalid character (byte 4)",
        "events.jsonl, line 5: has no person: 'person' is empty",
        "2 rows were left out",
    ]
    status, answer, told = ask("q.json", "--events", "events.jsonl", "--strict")
    assert (status, told) == (2, "")
    assert answer["error"]["field"] == "events"
    assert answer["error"]["message"].startswith("events.jsonl, line 2: cannot be read as JSON")


@pytest.mark.parametrize(
    ("words", "given", "field", "message"),
    [
        (["-", "--events", "events.jsonl"], "{", "question", "is not JSON"),
        (["-", "--events", "events.jsonl"], '{"kind": "funel"}', "kind", "did you mean 'funnel'?"),
        (["none.json", "--events", "events.jsonl"], "", "question", "none.json cannot be read: no such file"),
        (["trend.json"], "", "events", "name the events with --events FILE"),
        ([], "", "question", "name a file with the question"),
        (["trend.json", "--events", "none.csv"], "", "events", "none.csv cannot be read: no such file"),
        (
            ["trend.json", "--events", "a.csv"],
            "",
            "events",
            "a.csv has no column 'person': name one with --person; it has: a, b",
        ),
        (["trend.json", "--events", "events.jsonl", "--time-format", "%Q"], "", "events", "'%Q' cannot be used"),
        (["trend.json", "--stdin"], "", "--stdin", "each line brings its own question"),
    ],
)
def test_what_cannot_be_read_is_said_on_stdout_with_status_2(ask, folder, words, given, field, message):
    (folder / "a.csv").write_text("a,b\n1,2\n")
    status, answer, _ = ask(*words, given=given)
    assert (status, answer["error"]["field"]) == (2, field)
    assert message in answer["error"]["message"]


@pytest.mark.parametrize("question", ["q.json", "trend.json"])
def test_a_question_past_its_time_ends_with_status_3(ask, question):
    status, answer, _ = ask(question, "--events", "events.jsonl", "--timeout", "0")
    assert status == 3
    assert "took longer than its time limit" in answer["error"]["message"]


def test_line_by_line_each_is_answered_at_once_and_errors_end_nothing(folder):
    program = subprocess.Popen(
        [sys.executable, "-m", "fullfunnel", "ask", "--stdin"],
        cwd=folder, env=bare(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdin
    assert program.stdout

    def put(line: str) -> Any:
        assert program.stdin
        assert program.stdout
        program.stdin.write(line + "\n")
        program.stdin.flush()
        return json.loads(program.stdout.readline())

    people = [{"person": "ben", "properties": {"plan": "pro"}}]
    pro = [{"property": "plan", "op": "=", "value": "pro", "of": "person"}]
    assert put(json.dumps({"question": TREND, "events": ROWS}))["rows"][0]["value"] == 2
    assert put("nonsense")["error"]["field"] == "line"
    assert put(json.dumps({"question": {"kind": "?"}, "events": ROWS}))["error"]["field"] == "kind"
    assert put(json.dumps({"question": TREND}))["error"]["field"] == "events"
    assert (
        put(json.dumps({"question": {**TREND, "where": pro}, "events": ROWS, "people": people}))["rows"][0]["value"]
        == 1
    )
    assert put(json.dumps({"question": TREND, "events": "events.jsonl"}))["rows"][0]["value"] == 2
    assert put(json.dumps({"question": TREND, "events": [{"person": "a"}, *ROWS]}))["rows"][0]["value"] == 2
    rest, told = program.communicate(timeout=300)
    assert (program.returncode, rest) == (0, "")
    assert told == "line 7, events, line 1: has no event: 'event' is missing\n1 row was left out\n"


def test_a_question_without_a_funnel_does_not_wait_for_numba(folder):
    code = (
        "import sys; from fullfunnel.cli import main\n"
        "try: main(['ask', 'trend.json', '--events', 'events.jsonl'])\n"
        "except SystemExit: pass\n"
        "assert not {'numba', 'pandas', 'pyarrow', 'fullfunnel.config.settings'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=bare(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_on_a_terminal_it_shows_how_far_it_is_and_an_interrupt_ends_it(folder):
    master, terminal = pty.openpty()
    os.set_blocking(master, False)
    words = [sys.executable, "-m", "fullfunnel", "ask", "trend.json", "--events", "endless.jsonl"]
    os.mkfifo(folder / "endless.jsonl")
    with subprocess.Popen(words, cwd=folder, env=bare(), stdout=subprocess.PIPE, stderr=terminal) as running:
        os.close(terminal)
        row = json.dumps(ROWS[0]) + "\n"
        with (folder / "endless.jsonl").open("w") as file, suppress(BrokenPipeError):
            said = b""
            while b"rows read, " not in said and running.poll() is None:
                file.write(row * 20_000)
                file.flush()
                with suppress(BlockingIOError):
                    said += os.read(master, 4096)
            running.send_signal(signal.SIGINT)
            assert running.wait(20) == 130
    os.close(master)
    assert running.stdout is not None
    assert b"rows read, " in said
    assert b"Traceback" not in said
