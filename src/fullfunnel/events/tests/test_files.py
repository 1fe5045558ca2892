import csv
import gzip
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullfunnel.events.files import RowFile, read_rows
from fullfunnel.events.rows import FileError


@pytest.fixture
def rows_of(tmp_path):
    def read(name, data):
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        return list(read_rows(tmp_path / name))

    return read


def test_json_lines_are_read_with_exact_numbers_and_bad_lines_cost_only_themselves(rows_of):
    found = rows_of(
        "e.jsonl", b'\xef\xbb\xbf{"a": 1.10, "b": 123456789012345678901}\n\n[1]\nnope\n{"a":"\xff"}\n{"a":{"b":null}}'
    )
    assert found == [
        (1, {"a": Decimal("1.10"), "b": 123456789012345678901}),
        (3, 'is not a JSON object such as {"person": …}'),
        (4, "cannot be read as JSON: JSON is malformed: invalid character (byte 4)"),
        (5, "is not UTF-8 text; save the file as UTF-8"),
        (6, {"a": {"b": None}}),
    ]
    assert str(found[0][1]["a"]) == "1.10"


@pytest.mark.parametrize(
    "data",
    [
        "a,b\n1,x\n2,y\n",
        "\ufeffa,b\r\n1,x\r\n2,y",
        "a;b\n1;x\n2;y\n",
        "a\tb\n1\tx\n2\ty\n",
        "a|b\n1|x\n\n2|y\n",
        '"a","b"\n"1","x"\n"2","y"\n',
        '"a,b"\n"1,x"\n"2,y"\n',
        "a,b\r1,x\r2,y\r",
        "a,b\n1,x\n2,y\n".encode("utf-16"),
    ],
)
def test_a_csv_is_the_same_whatever_its_delimiter_quotes_and_line_ends(rows_of, data):
    assert [row for _, row in rows_of("e.csv", data)] == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]


def test_a_quoted_field_may_hold_delimiters_quotes_and_line_breaks(rows_of):
    found = rows_of("e.csv", 'a,b\n1,"x, ""y""\nz"\n2,w\n')
    assert found == [(2, {"a": "1", "b": 'x, "y"\nz'}), (4, {"a": "2", "b": "w"})]


def test_a_quote_that_is_never_closed_costs_only_its_own_line(rows_of):
    found = rows_of("e.csv", 'a,b\n1,"open\n2,x\n3,"y"\n4,"open again\n5,z\n')
    assert [line for line, row in found if isinstance(row, str)] == [2, 5]
    assert [row for _, row in found if isinstance(row, dict)] == [
        {"a": "2", "b": "x"},
        {"a": "3", "b": "y"},
        {"a": "5", "b": "z"},
    ]


def test_rows_of_another_width_and_another_encoding_are_refused_with_their_line(rows_of):
    assert rows_of("e.csv", b"a,b\n1\n1,2,3\nM\xfcller,2\n1,2\n") == [
        (2, "has 1 values, but the first line names 2 columns"),
        (3, "has 3 values, but the first line names 2 columns"),
        (4, "is not UTF-8 text; save the file as UTF-8"),
        (5, {"a": "1", "b": "2"}),
    ]


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "made.parquet"
    with duckdb.connect() as engine:
        engine.sql("""SELECT 1 AS a, TIMESTAMPTZ '2020-01-01 00:00:00.000001+02' AS t, MAP {'k': 'v'} AS m, {'x': 1.50} AS s,
            [1, 2] AS l, DATE '2020-01-01' AS d, 'infinity'::TIMESTAMP AS i
            UNION ALL SELECT 2, NULL, NULL, NULL, NULL, NULL, NULL""").write_parquet(str(path))
    return path.read_bytes()


@pytest.mark.parametrize("name", ["e.parquet", "e", "odd[1].parquet", "e.parquet.gz"])
def test_parquet_is_read_by_whatever_name(rows_of, parquet, name):
    found = rows_of(name, gzip.compress(parquet) if name.endswith("gz") else parquet)
    assert found == [
        (
            1,
            {
                "a": 1,
                "t": datetime(2019, 12, 31, 22, 0, 0, 1, tzinfo=UTC),
                "m": {"k": "v"},
                "s": {"x": Decimal("1.50")},
                "l": [1, 2],
                "d": date(2020, 1, 1),
                "i": None,
            },
        ),
        (2, {"a": 2, "t": None, "m": None, "s": None, "l": None, "d": None, "i": None}),
    ]


@pytest.mark.parametrize(
    ("name", "format_"), [("e.dat", "JSON lines"), ("e", "JSON lines"), ("e.csv.gz", "CSV"), ("e.GZ", "JSON lines")]
)
def test_the_format_is_known_by_name_or_found_out(tmp_path, name, format_):
    data = b"a,b\n1,2\n" if format_ == "CSV" else b'{"a": 1}\n'
    (tmp_path / name).write_bytes(gzip.compress(data) if name.lower().endswith("gz") else data)
    file = RowFile(tmp_path / name)
    assert file.format == format_
    assert len(list(file)) == 1


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("e.csv", b"", "the first line must name the columns, and it is empty"),
        ("e.csv", b"a,b,a\n", "the first line names the column 'a' twice"),
        (
            "e.csv",
            b'"a,b\n',
            "the first line, which must name the columns, cannot be read as CSV: unexpected end of data",
        ),
        ("e.json", b' [{"a": 1}]', "this is one JSON array; write one object a line (jq -c '.[]' does it)"),
        ("e.parquet", b"a,b\n", "this is no Parquet file (it does not begin with PAR1)"),
        ("e.xlsx", b"PK\x03\x04", "this is a ZIP archive or an Excel workbook; save the sheet as CSV"),
        (
            "e.csv.gz",
            b"\x1f\x8b\x08",
            "the compressed data is damaged or cut off after line 0; nothing behind it can be read",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_why(rows_of, tmp_path, name, data, reason):
    with pytest.raises(FileError) as refusal:
        rows_of(name, data)
    assert str(refusal.value) == f"{tmp_path / name}: {reason}"


def test_a_gzip_cut_short_gives_its_rows_and_then_says_so(tmp_path):
    path = tmp_path / "e.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(200_000)))[:-4000])
    found = []
    with pytest.raises(FileError, match=r"damaged or cut off after line \d{5,6};"):
        found.extend(RowFile(path))  # extend keeps what came before the error
    assert found[0] == (2, {"a": "0", "b": "x"})


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(FileError, match=r"none\.csv cannot be read: no such file or directory"):
        RowFile(tmp_path / "none.csv")
    with pytest.raises(FileError, match="cannot be read: is a directory"):
        RowFile(tmp_path)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(TEXT, min_size=3, max_size=3), max_size=6), st.sampled_from(",;\t|"))
def test_what_pythons_csv_writes_is_read_back(tmp_path_factory, table, delimiter):
    written = io.StringIO()
    writer = csv.writer(written, delimiter=delimiter)
    writer.writerows([["a", "b", "c"], *table])
    path = tmp_path_factory.mktemp("csv") / "e.csv"
    path.write_bytes(written.getvalue().encode())
    assert [list(row.values()) for _, row in read_rows(path)] == table


@given(st.lists(st.dictionaries(TEXT, TEXT | st.integers() | st.none() | st.booleans() | st.lists(TEXT)), max_size=6))
def test_what_pythons_json_writes_is_read_back(tmp_path_factory, objects):
    path = tmp_path_factory.mktemp("json") / "e.jsonl"
    path.write_text("\n".join(json.dumps(each) for each in objects))
    assert [row for _, row in read_rows(path)] == objects
