"""Files of cases that others made, put to our code: a runner a file name, `…/ledger.jsonl` -> `tests/cases/ledger.py`.

A runner is a module with `run(rows) -> Iterable[Outcome]`. It calls our code and holds no answers; a row, kind or phrase that it does
not know fails and is named. NEEDS_DATABASE = True gives it the main database, empty. Where the bar is statistical a runner gives one
outcome for the whole file, with the figures in its note.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """name: of the row. wrong: what is not as expected, empty when all is. note: a rule of ours that the expectation was read with."""

    name: str
    wrong: str = ""
    note: str = ""


class Unknown(Exception):
    """A row holds something that its runner does not know."""


def each(rows: Iterable[Row], check: Callable[[Row], tuple[str, str]]) -> Iterator[Outcome]:
    """Check row by row. check(row) -> (wrong, note); whatever it raises is what is wrong with this row."""
    for number, row in enumerate(rows, 1):
        name = str(row.get("name", f"row {number}"))
        try:
            wrong, note = check(row)
        except Exception as error:
            wrong, note = f"{type(error).__name__}: {error}", ""
        yield Outcome(name, wrong, note)


def only(given: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Raise Unknown for the keys of `given` that are not known."""
    if others := sorted(set(given) - set(known)):
        raise Unknown(f"{where} has {', '.join(others)}, which this runner does not know")


def one_of(value: Any, known: Collection[Any], what: str) -> None:
    """Raise Unknown unless the value is a known one."""
    if value not in known:
        raise Unknown(f"{what} {value!r} is not known to this runner; known: {', '.join(map(str, sorted(known)))}")


def runner_of(path: Path) -> ModuleType | None:
    """The module that runs files of this name, wherever they lie; None without one."""
    name = f"{__name__}.{path.stem}"
    if path.suffix != ".jsonl" or not path.stem.isidentifier() or find_spec(name) is None:
        return None
    module = import_module(name)
    return module if hasattr(module, "run") else None


def outcomes_of(path: Path) -> list[Outcome]:
    """Run a file's cases. A file that is absent or empty, and one without a runner, counts as failed, row by row."""
    if not path.is_file():
        return [Outcome(path.name, "the file is absent")]
    runner = runner_of(path)
    if runner is None:
        count = len(path.read_bytes().splitlines()) if path.suffix == ".jsonl" else 1
        wrong = f"no runner: there is no tests/cases/{path.stem}.py"
        return [Outcome(f"{path.name}, row {number}", wrong) for number in range(1, max(count, 1) + 1)]
    rows, broken = _read(path)
    found = [*broken, *runner.run(rows)]
    return found or [Outcome(path.name, "the file has no rows")]


def _read(path: Path) -> tuple[list[Row], list[Outcome]]:
    rows, broken = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise Unknown("not an object")
            rows.append(row)
        except (ValueError, Unknown) as error:
            broken.append(Outcome(f"row {number}", f"it cannot be read: {error}"))
    return rows, broken
