"""What `fullfunnel ask` does once its arguments are read: files into a dataset, the question to it, the answer out."""

import argparse
import itertools
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fullfunnel.cli.progress import Progress
from fullfunnel.cli.replies import BAD_INPUT, DONE, OUT_OF_TIME, write
from fullfunnel.config import wiring
from fullfunnel.events.files import JSON_LINES, RowFile
from fullfunnel.events.rows import FileError
from fullfunnel.events.times import TimeError
from fullfunnel.journeys.ask import QuestionError, QuestionTimeout, answer, error_json
from fullfunnel.journeys.datasets.dataset import Dataset
from fullfunnel.journeys.datasets.file import dataset_of_file
from fullfunnel.journeys.datasets.file_rows import Loaded, Reading, Refuse, Rows
from fullfunnel.journeys.kind import Kinds
from fullfunnel.journeys.kinds import load_kinds
from fullfunnel.journeys.questions.json_text import JsonError, read_json
from fullfunnel.journeys.watch import Watch

MOST_SHOWN = 20


class BadInput(Exception):
    """Something of the call itself cannot be read: which field, and a sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Refusals:
    """Tells on stderr which rows were left out, the first few with line and reason, and how many there were."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self.count = 0

    def of(self, name: str, field: str) -> Refuse:
        """What to call with the line and the reason of each row of `name` that is left out."""

        def refuse(line: int, reason: str) -> None:
            told = f"{name}, line {line}: {reason}"
            if self._strict:
                raise BadInput(field, told)
            self.count += 1
            if self.count <= MOST_SHOWN:
                print(told, file=sys.stderr)

        return refuse

    def close(self) -> None:
        if self.count:
            print(f"{self.count:,} {'row was' if self.count == 1 else 'rows were'} left out", file=sys.stderr)


def kinds() -> Kinds:
    """Return the kinds of questions of the wiring."""
    return load_kinds(kind.engine for kind in wiring.KINDS)


def answer_one(args: argparse.Namespace) -> int:
    """One question over files, or over a workspace."""
    try:
        question = _question(args.question)
        dataset = _workspace(args.workspace, question) if args.workspace else _files(args)
        with _shown("events") as progress:
            write(
                args,
                answer(question, dataset, deadline=Watch(time.monotonic() + args.timeout, progress), kinds=kinds()),
            )
    except BadInput as error:
        write(args, {"error": {"field": error.field, "message": str(error)}})
        return BAD_INPUT
    except QuestionError as error:
        write(args, error_json(error))
        return BAD_INPUT
    except QuestionTimeout as error:
        write(args, error_json(error))
        return OUT_OF_TIME
    return DONE


@contextmanager
def _shown(noun: str) -> Iterator[Callable[[int, int], None]]:
    """Shows (done, total) on a terminal's stderr, while it takes longer than a moment; elsewhere nothing."""
    progress = Progress(noun, 0)

    def told(done: int, total: int) -> None:
        progress.total = total
        if progress.is_terminal and done:
            progress.update(done, done)

    try:
        yield told
    finally:
        progress.clear()


def answer_lines(args: argparse.Namespace) -> int:
    """A line in, a line out, until there are no more; what goes wrong with one line is the answer to that line."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.strip():
            write(args, _answer_line(args, number, line))
    return DONE


def _answer_line(args: argparse.Namespace, number: int, line: bytes) -> dict[str, Any]:
    try:
        given = _json(line, "line")
        if not isinstance(given, dict) or "question" not in given:
            raise BadInput("line", 'must be an object such as {"question": {…}, "events": […]}')
        refusals = Refusals(strict=args.strict)
        dataset = _given_dataset(given, refusals, f"line {number}")
        refusals.close()
        return answer(given["question"], dataset, deadline=time.monotonic() + args.timeout, kinds=kinds())
    except BadInput as error:
        return {"error": {"field": error.field, "message": str(error)}}
    except (QuestionError, QuestionTimeout) as error:
        return error_json(error)
    except Exception:
        # One line must not end the others; what went wrong is ours to mend, and stands on stderr.
        traceback.print_exc()
        return {"error": {"field": "", "message": "fullfunnel failed on this line; the reason is on stderr"}}


def _question(name: str) -> Any:
    if name == "-":
        return _json(sys.stdin.buffer.read(), "question")
    try:
        return _json(Path(name).read_bytes(), "question")
    except OSError as error:
        raise BadInput("question", f"{name} cannot be read: {(error.strerror or str(error)).lower()}") from error


def _json(text: bytes, field: str) -> Any:
    try:
        return read_json(text)
    except JsonError as error:
        raise BadInput(field, str(error)) from error


def _files(args: argparse.Namespace) -> Dataset:
    loaded, refusals = Loaded(), Refusals(strict=args.strict)
    for given in args.files:
        of_file = args.common | given
        reading = Reading(**{key: value for key, value in of_file.items() if key != "path"})
        _add_events(loaded, given["path"], reading, refusals)
    if args.people:
        _add_people(
            loaded, args.people, [one["person"] for one in [args.common, *args.files] if "person" in one], refusals
        )
    refusals.close()
    return dataset_of_file(loaded)


def _add_events(loaded: Loaded, path: str, reading: Reading, refusals: Refusals) -> None:
    needed = {"--person": reading.person, "--time": reading.time}
    if reading.name is None:
        needed["--event"] = reading.event
    try:
        with _shown("rows read") as progress:
            rows = _counted(_table(RowFile(path), needed), progress)
            loaded.add_events(rows, reading, refusals.of(path, "events"))
    except (FileError, TimeError) as error:
        raise BadInput("events", str(error)) from error


def _counted(rows: Rows, progress: Callable[[int, int], None]) -> Rows:
    for count, row in enumerate(rows, 1):
        if not count % 10_000:
            progress(count, 0)
        yield row


def _add_people(loaded: Loaded, path: str, named: list[str], refusals: Refusals) -> None:
    """The column that says who is `person`, or named as in one of the files of events."""
    try:
        rows = iter(RowFile(path))
        first = next(((line, row) for line, row in rows if isinstance(row, dict)), None)
        if first is None:
            return
        person = next((name for name in ["person", *named] if name in first[1]), None)
        if person is None:
            raise BadInput("people", f"{path} has no column 'person'; it has: {', '.join(first[1])}")
        loaded.add_people(itertools.chain([first], rows), person, refusals.of(path, "people"))
    except FileError as error:
        raise BadInput("people", str(error)) from error


def _table(file: RowFile, needed: dict[str, str]) -> Rows:
    """The rows; at once BadInput when the columns of a table are not those that are needed."""
    is_known = file.format == JSON_LINES
    for line, row in file:
        if not is_known and isinstance(row, dict):
            for flag, name in needed.items():
                if name not in row:
                    columns = ", ".join(row)
                    raise BadInput(
                        "events", f"{file.path} has no column {name!r}: name one with {flag}; it has: {columns}"
                    )
            is_known = True
        yield line, row


def _given_dataset(given: dict[str, Any], refusals: Refusals, name: str) -> Dataset:
    """The dataset of a line of --stdin: events and people as lists of objects, or as names of files."""
    loaded = Loaded()
    events, people = given.get("events"), given.get("people") or []
    if isinstance(events, str):
        _add_events(loaded, events, Reading(), refusals)
    else:
        loaded.add_events(_listed(events, "events"), Reading(), refusals.of(f"{name}, events", "events"))
    if isinstance(people, str):
        _add_people(loaded, people, [], refusals)
    else:
        loaded.add_people(_listed(people, "people"), "person", refusals.of(f"{name}, people", "people"))
    return dataset_of_file(loaded)


def _listed(rows: Any, field: str) -> Rows:
    if not isinstance(rows, list):
        raise BadInput(field, "must be a list of objects, or the name of a file")
    return ((line, row if isinstance(row, dict) else "is not a JSON object") for line, row in enumerate(rows, 1))


def _workspace(slug: str, question: Any) -> Dataset:
    from fullfunnel.cli.preparing import prepare

    prepare()
    from fullfunnel.cli.index import make
    from fullfunnel.events.store import open_store
    from fullfunnel.segments.dataset import dataset_of
    from fullfunnel.workspaces.models import Workspace

    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:20])
        raise BadInput(
            "workspace", f"there is no workspace {slug!r} in this data directory; there are: {known or 'none'}"
        )
    kind = kinds().get(str(question.get("kind"))) if isinstance(question, dict) else None
    if kind is not None and kind.needs_index:
        # After an import this may take longer than a question: it says so, and no time limit counts it.
        make(open_store(), found.pk)
    return dataset_of(found)
