"""A list as a file."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone

from fullfunnel.core.csv_cells import escaped


class _Echo:
    def write(self, text: str) -> str:
        return text


def moment_cell(at: datetime | None) -> str:
    """Return the cell of a moment in the workspace's zone: "2026-11-30T14:45:00+01:00"; "" for none."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def csv_of(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return `name`.csv, written row by row. Texts that a spreadsheet would calculate are made harmless."""
    zone = timezone.get_current_timezone()

    # The rows are asked for when the request has ended, and with it its zone.
    def in_its_zone() -> Iterator[Sequence[Any]]:
        left = iter(rows)
        while True:
            with timezone.override(zone):
                row = next(left, None)
            if row is None:
                return
            yield row

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        # Careful: without the mark some spreadsheets read UTF-8 as Latin-1.
        yield "\ufeff" + writer.writerow(header)
        for row in in_its_zone():
            yield writer.writerow([escaped(cell) if isinstance(cell, str) else cell for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    # To a view it is a response like others.
    return cast(HttpResponse, response)
