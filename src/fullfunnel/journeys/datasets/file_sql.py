"""SQL over a file: its arrays as the tables `events` and `units` of a DuckDB in memory, with only the columns that are asked."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from fullfunnel.core.cancellation import cancelling
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.journeys import Column, Units
from fullfunnel.events.store.schema import COLUMNS
from fullfunnel.journeys.watch import Watch


class FileDialect(Dialect):
    """Notes which properties a question names: each becomes a column of its own, instead of a map of all."""

    def __init__(self) -> None:
        self.named: list[str] = []

    def property(self, name: str) -> str:
        if name not in self.named:
            self.named.append(name)
        return f"p{self.named.index(name)}"


def ask_file(
    arrays: Mapping[str, NDArray[Any]],
    coded: Callable[[str], Column],
    units: Units | None,
    write: Callable[[Dialect], str],
    values: Sequence[Any],
    watch: Watch,
) -> list[dict[str, Any]]:
    """Rows of a question as dicts. QuestionTimeout and Cancelled when `watch` says so first.

    arrays: seq, time (µs) and unit of each event; coded: the column of a property, or of "name" and "actor" by those names
    with an @ before.
    """
    dialect = FileDialect()
    sql = write(dialect)
    columns = {"name": coded("@name"), "actor": coded("@actor")}
    columns |= {name: coded(name) for name in PROMOTED if re.search(rf"\b{name}\b", sql)}
    columns |= {f"p{at}": coded(name) for at, name in enumerate(dialect.named)}
    with duckdb.connect(config={"autoload_known_extensions": False, "autoinstall_known_extensions": False}) as engine:
        engine.execute("SET TimeZone = 'UTC'")
        _make_events(engine, arrays, columns)
        if units is not None:
            engine.register("units", {"identity_id": units.identities, "unit_id": units.units})
        return _rows(engine, sql, values, watch)


def _make_events(engine: Any, arrays: Mapping[str, NDArray[Any]], columns: Mapping[str, Column]) -> None:
    engine.register("given", {**arrays, **{f"c_{name}": column.codes for name, column in columns.items()}})
    moment = "make_timestamp(given.time)"
    written = {
        "workspace_id": "0::BIGINT",
        "event_id": "CAST(given.seq AS VARCHAR)",
        "seq": "given.seq",
        "identity_id": "given.unit",
        "occurred_at": moment,
        "received_at": moment,
    }
    joins = []
    for name, column in columns.items():
        texts = np.array([*column.values, None], dtype=object)
        engine.register(f"d_{name}", {"code": np.arange(texts.size), "value": texts})
        joins.append(f"LEFT JOIN d_{name} ON d_{name}.code = given.c_{name}")
        written[name] = f"d_{name}.value"
    if "revenue" in written:
        # Careful: in the lake revenue is a decimal, so questions cut the zeros at its end; here it is the text of the file.
        written["revenue"] = (
            "CASE WHEN contains(d_revenue.value, '.') THEN d_revenue.value ELSE d_revenue.value || '.' END"
        )
    listed = [f"{written.pop(name, f'NULL::{kind}')} AS {name}" for name, kind in COLUMNS.items()]
    listed += [f"{text} AS {name}" for name, text in written.items()]
    engine.execute(f"CREATE TEMP VIEW events AS SELECT {', '.join(listed)} FROM given {' '.join(joins)}")


def _rows(engine: Any, sql: str, values: Sequence[Any], watch: Watch) -> list[dict[str, Any]]:
    try:
        with cancelling(watch.is_over, engine.interrupt):
            found = engine.execute(sql, list(values))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    except duckdb.InterruptException:
        watch.end()
