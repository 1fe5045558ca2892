from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fullfunnel.events.values import flatten, text_of


def test_nested_objects_become_dotted_names_and_what_is_empty_is_left_out():
    assert flatten(
        {"a": {"b": {"c": 1}}, "empty": "", "none": None, "list": [1, Decimal("1.50"), {"x": True}], "object": {}}
    ) == {
        "a.b.c": "1",
        "list": '[1,1.50,{"x":true}]',
    }


def test_below_ten_levels_an_object_stays_one_text():
    nested = {"x": "end"}
    for _ in range(12):
        nested = {"n": nested}
    assert flatten(nested) == {"n.n.n.n.n.n.n.n.n.n": '{"n":{"n":{"x":"end"}}}'}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (3.0, "3"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12345678901234567890.123456789"), "12345678901234567890.123456789"),
        (Decimal("1E+999999"), "1E+999999"),
        (1e-7, "0.0000001"),
        (float("nan"), ""),
        (float("inf"), ""),
        (date(2021, 4, 15), "2021-04-15"),
        (datetime(2021, 4, 15, 0, 3, tzinfo=UTC), "2021-04-15T00:03:00Z"),
        (b"\x01\xff", "01ff"),
    ],
)
def test_a_value_has_one_text(value, text):
    assert text_of(value) == text
