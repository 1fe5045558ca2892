"""A where-clause says the same of a column as it says in SQL."""

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullfunnel.events.conditions import OPS, Condition, QuestionError, mask, number_of, parse_condition, to_sql, truths
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.events.store.journeys import Column

ODD = ["", "0", "00", "1", "1.0", "1.50", " 1 ", "1_000", "1e3", "+-1", "inf", "nan", "１", "1e999", "-0", ".5", "5."]
ODD += [
    "true",
    "Straße",
    "STRASSE",
    "İstanbul",
    "ΑΣ",
    "ας",
    "a%b",
    "a_b",
    "a\\b",
    "'",
    '"',
    "/pricing",
    "/PRICING",
    "\n1",
    "9007199254740993",
]
texts = st.one_of(st.sampled_from(ODD), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5))
numbers = st.one_of(
    st.integers(-3, 3),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1000, 1.5, 0.5]),
)


@st.composite
def written(draw):
    op = draw(st.sampled_from(OPS))
    if op in ("is_set", "is_not_set"):
        return {"property": "p", "op": op}
    if op in (">", ">=", "<", "<="):
        return {"property": "p", "op": op, "value": draw(numbers)}
    if op == "between":
        return {"property": "p", "op": op, "value": [draw(numbers), draw(numbers)]}
    if op == "matches":
        return {
            "property": "p",
            "op": op,
            "value": draw(st.sampled_from(["^1", "a.b", "(?i)strasse", r"\d+$", "^$", "[^a]"])),
        }
    value = st.one_of(texts, numbers, st.booleans())
    if op in ("in", "not_in"):
        return {"property": "p", "op": op, "value": draw(st.lists(value, min_size=1, max_size=4))}
    return {"property": "p", "op": op, "value": draw(value)}


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        yield connection


def in_sql(engine, condition, values):
    sql, bound = to_sql(condition, Dialect())
    rows = "SELECT unnest(?::VARCHAR[]) AS v, generate_subscripts(?::VARCHAR[], 1) AS place"
    events = f"SELECT place, map_from_entries(CASE WHEN v IS NOT NULL THEN [('p', v)] ELSE [] END) AS properties FROM ({rows})"
    found = engine.execute(f"SELECT {sql} FROM ({events}) ORDER BY place", [*bound, values, values]).fetchall()
    return [row[0] for row in found]


@given(question=written(), values=st.lists(texts, min_size=1, max_size=12, unique=True))
@settings(max_examples=300, deadline=None)
def test_the_mask_of_a_column_and_the_sql_agree(engine, question, values):
    condition = parse_condition(question, "where[0]")
    column = Column(np.array([*range(len(values)), -1], np.int32), values)
    assert list(mask(condition, column)) == in_sql(engine, condition, [*values, None])


@pytest.mark.parametrize("op", OPS)
def test_every_odd_value_is_judged_alike_by_both(engine, op):
    for value in [*ODD, 1, 0, 1000, 1.5, -0.0]:
        try:
            given_value = [value, value] if op in ("in", "not_in", "between") else value
            written_down = {"property": "p", "op": op} | ({} if "set" in op else {"value": given_value})
            condition = parse_condition(written_down, "where[0]")
        except QuestionError:
            continue
        assert list(truths(condition, ODD)) == in_sql(engine, condition, [*ODD, None])


def holds(op, value, text):
    condition = parse_condition({"property": "p", "op": op} | ({} if value is None else {"value": value}), "where[0]")
    return (
        bool(truths(condition, [text])[0 if text is not None else -1])
        if text is not None
        else bool(truths(condition, [])[-1])
    )


@pytest.mark.parametrize(
    ("op", "value", "text", "expected"),
    [
        ("=", "Chrome", "Chrome", True),
        ("=", "Chrome", "chrome", False),
        ("contains", "HROM", "Chrome", True),
        ("not_contains", "HROM", "Chrome", False),
        ("starts_with", "/doc", "/docs", True),
        ("ends_with", "@acme.com", "ada@acme.com", True),
        ("=", 10, "10.0", True),
        ("=", "10", "10.0", False),
        ("in", [1, "x"], "1.00", True),
        ("!=", "x", None, True),
        ("=", "x", None, False),
        ("not_in", ["x"], None, True),
        (">", 9, "10", True),
        (">", 9, "ten", False),
        ("<", 9, "ten", False),
        ("<=", "10", "10", True),
        ("between", [1, 2], "2.0", True),
        ("between", [1, 2], "2.1", False),
        ("matches", "^/p.*g$", "/pricing", True),
        ("is_set", None, "0", True),
        ("is_set", None, "", False),
        ("is_not_set", None, "", True),
        ("is_not_set", None, None, True),
        ("=", True, "true", True),
    ],
)
def test_each_operator_holds_as_the_contract_says(op, value, text, expected):
    assert holds(op, value, text) is expected


def test_a_promoted_property_is_read_from_its_column_and_revenue_without_trailing_zeros(engine):
    path, bound = to_sql(Condition("path", "=", ("/a",)), Dialect())
    revenue, money = to_sql(Condition("revenue", "=", ("10.5",)), Dialect())
    row = engine.execute(
        f"SELECT {path}, {revenue} FROM (SELECT '/a' AS path, 10.5::DECIMAL(18,4) AS revenue)", [*bound, *money]
    )
    assert row.fetchone() == (True, True)


@pytest.mark.parametrize(
    ("given_condition", "field", "part"),
    [
        ({"property": "p", "op": "~", "value": 1}, "w.op", "contains"),
        ({"property": "p", "op": ">", "value": "ten"}, "w.value", "give a number"),
        ({"property": "p", "op": "between", "value": [1]}, "w.value", "[10, 20]"),
        ({"property": "p", "op": "in", "value": "a"}, "w.value", "list"),
        ({"property": "p", "op": "in", "value": ["a", None]}, "w.value[1]", "text"),
        ({"property": "p", "op": "=", "value": None}, "w.value", "is_not_set"),
        ({"property": "p", "op": "is_set", "value": 1}, "w.value", "leave it out"),
        ({"property": "p", "op": "matches", "value": "("}, "w.value", "RE2"),
        ({"property": "p", "op": "matches", "value": "(?=x)"}, "w.value", "RE2"),
        ({"property": "", "op": "is_set"}, "w.property", "name"),
        ({"propertie": "p", "op": "is_set"}, "w.propertie", "'property'"),
        ({"property": "p", "op": "is_set", "of": "company"}, "w.of", "person_then"),
        ("p = 1", "w", "object"),
        ({"property": "p", "op": "=", "value": {"a": 1}}, "w.value", "text"),
        ({"property": "p", "op": ">", "value": 10**400}, "w.value", "number"),
        ({"property": "p" * 1_001, "op": "is_set"}, "w.property", "1,001"),
        ({"property": "p", "op": "in", "value": [1] * 10_001}, "w.value", "10,001"),
    ],
)
def test_a_condition_that_cannot_be_read_says_where_and_what_would_be_right(given_condition, field, part):
    with pytest.raises(QuestionError) as caught:
        parse_condition(given_condition, "w")
    assert caught.value.field == field
    assert part in caught.value.message


def test_a_long_list_is_one_comparison_a_kind_and_not_thousands():
    condition = parse_condition({"property": "p", "op": "in", "value": ["a", *range(5_000), "b"]}, "w")
    sql, bound = to_sql(condition, Dialect())
    assert (sql.count(" IN ("), sql.count(" OR "), len(bound)) == (2, 1, 5_002)


def test_only_plain_decimal_numbers_are_numbers():
    assert [number_of(text) for text in ["1", "-1.5e2", ".5", " 1", "1_0", "inf", "1e999", ""]] == [
        1.0,
        -150.0,
        0.5,
        None,
        None,
        None,
        None,
        None,
    ]
