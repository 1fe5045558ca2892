"""What other programs write into files, and no strict reader takes, costs one value at most."""

import duckdb
import pytest

from fullfunnel.events.files import RowFile


def rows(path):
    return [row for _, row in RowFile(str(path))]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (rb'"cut \ud83d"', "cut \ufffd"),
        (b"NaN", None),
        (b"Infinity", None),
        (rb'"ad\u0000a"', "ad\ufffda"),
        (b'"ad\x00a"', "ad\ufffda"),
    ],
)
def test_a_line_of_json_is_read_with_the_value_mended(tmp_path, value, read):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"person":"ada","event":"paid","v":%s}\n{"person":"ben"}\n' % value)
    assert rows(path) == [{"person": "ada", "event": "paid", "v": read}, {"person": "ben"}]


def test_a_line_that_is_no_json_is_still_refused(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'{"person":NaN\n')
    [reason] = rows(path)
    assert reason.startswith("cannot be read as JSON")


def test_nul_in_a_table_is_replaced_as_over_http(tmp_path):
    path = tmp_path / "events.csv"
    path.write_bytes(b"email,event,da\0te\nad\0a@n.example,paid,2026-01-05\n")
    assert rows(path) == [{"email": "ad\ufffda@n.example", "event": "paid", "da\ufffdte": "2026-01-05"}]


def test_nul_in_parquet_is_replaced_too(tmp_path):
    path = tmp_path / "events.parquet"
    with duckdb.connect() as engine:
        engine.execute(f"COPY (SELECT 'a' || chr(0) || 'b' AS person, ['x' || chr(0)] AS list) TO '{path}'")
    assert rows(path) == [{"person": "a\ufffdb", "list": ["x\ufffd"]}]
