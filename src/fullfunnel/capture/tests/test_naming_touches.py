"""A rule names the channel of a touch; over columns, as over rows. Pure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fullfunnel.capture.own_channels import fields
from fullfunnel.capture.own_channels.grouped import grouped
from fullfunnel.capture.own_channels.naming import name_rows
from fullfunnel.capture.own_channels.preview import Share, compared
from fullfunnel.capture.own_channels.rules import read_rules
from fullfunnel.events.conditions import QuestionError
from fullfunnel.events.store.journeys import Column

PARTNERS = {"name": "Partners", "where": [{"property": "source", "op": "in", "value": ["acme", "g2.com"]}]}
PAID = {
    "name": "Ads",
    "where": [{"property": "gclid", "op": "is_set"}, {"property": "medium", "op": "!=", "value": "email"}],
}
TOUCHES = [
    # channel, source, medium, campaign, gclid
    ("Referral", "acme", "referral", "", ""),
    ("Paid Search", "google", "cpc", "", "x1"),
    ("Email", "acme", "email", "may", "x2"),
    ("Email", "news", "email", "", "x2"),
    ("Referral", "chatgpt.com", "referral", "", ""),
    ("Fair", "", "", "", ""),
    ("", "acme", "referral", "", "x3"),
]


def columns_of(rows):
    """A column of base and delta for each property: the last three rows are the delta's."""
    found = {}
    for at, name in enumerate(("channel", "source", "medium", "campaign", "gclid")):
        values = sorted({row[at] for row in rows} - {""})
        codes = np.array([values.index(row[at]) if row[at] else -1 for row in rows], np.int32)
        found[name] = (Column(codes[:-3], values), Column(codes[-3:], values))
    return found.__getitem__


def by_columns(rules, rows):
    pair = grouped(read_rules(rules), columns_of(rows))
    return [column.values[code] if code >= 0 else None for column in pair for code in column.codes]


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        ([], ["Referral", "Paid Search", "Email", "Email", "AI Assistant", "Fair", None]),
        ([PARTNERS], ["Partners", "Paid Search", "Partners", "Email", "AI Assistant", "Fair", None]),
        ([PAID, PARTNERS], ["Partners", "Ads", "Partners", "Email", "AI Assistant", "Fair", None]),
        (
            [{"name": "Fairs", "where": [{"property": "channel", "value": "Fair"}]}, {"name": "Rest", "where": [{"property": "term", "op": "is_not_set"}]}],
            ["Rest", "Rest", "Rest", "Rest", "Rest", "Fairs", None],
        ),
    ],
)  # fmt: skip
def test_the_first_rule_that_fits_names_it_and_the_rest_keep_the_usual_one(rules, named):
    columns = columns_of(TOUCHES)
    none = (Column(np.full(4, -1, np.int32), []), Column(np.full(3, -1, np.int32), []))
    pair = grouped(read_rules(rules), lambda name: none if name == "term" else columns(name))
    assert [column.values[code] if code >= 0 else None for column in pair for code in column.codes] == named


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "Direct", "Email"]),
            st.sampled_from(["", "a", "google", "g2.com"]),
            st.sampled_from(["", "cpc", "email", "partner"]),
            st.sampled_from(["", "shop"]),
            st.sampled_from(["", "1", "2", "3"]),
        ),
        min_size=3,
        max_size=20,
    ),
    st.lists(
        st.sampled_from([PARTNERS, PAID, {"name": "Two", "where": [{"property": "gclid", "op": ">", "value": 1}]}])
    ),
)
def test_columns_and_rows_name_alike(rows, rules):
    read = read_rules(rules)
    others = [one for rule in read for one in rule.where if one.property == "gclid"]
    held = {"is_set": lambda text: bool(text), ">": lambda text: bool(text) and float(text) > 1}
    keys = ("channel", "source", "medium", "campaign")
    asked = [
        dict(zip(keys, row, strict=False))
        | {f"h{at}": held[one.op](row[4]) for at, one in enumerate(dict.fromkeys(others))}
        for row in rows
    ]
    assert by_columns(rules, rows) == [name or None for name in name_rows(read, read, asked)]


@pytest.mark.parametrize(
    ("rules", "field", "message"),
    [
        ({}, "rules", "must be a list of at most 100 rules"),
        ([{"name": " ", "where": [{}]}], "rules[0].name", "must be a channel's name"),
        ([PARTNERS, {"name": "x", "where": []}], "rules[1].where", "needs 1 to 10 conditions"),
        ([{"name": "x", "where": [{"property": "source", "op": "is"}]}], "rules[0].where[0].op", "is no operator"),
        ([{"name": "x", "where": [{"property": "plan", "op": "is_set", "of": "person"}]}], "rules[0].where[0].of", "must be event"),
        ([{"name": "x", "where": [{"property": "channel_group", "op": "is_set"}]}], "rules[0].where[0].property", "cannot name a channel"),
        ([{"name": "x", "where": [{"property": "source", "op": "matches", "value": "("}]}], "rules[0].where[0].value", "is no regular expression"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_say_where_and_what_would_be_right(rules, field, message):
    with pytest.raises(QuestionError) as wrong:
        read_rules(rules)
    assert wrong.value.field == field
    assert message in wrong.value.message


def test_the_preview_counts_what_moves_and_names_rules_that_reach_nothing():
    rows = [
        {"channel": "Referral", "source": "acme", "medium": "referral", "campaign": "", "touches": 7},
        {"channel": "Email", "source": "news", "medium": "email", "campaign": "", "touches": 2},
    ]
    rules = [PARTNERS, PARTNERS | {"name": "Late"}]
    found = compared((), read_rules(rules), rows)
    assert (found.touches, found.moved, found.unused) == (9, 7, [2])
    assert found.shares == [Share("Partners", 0, 7), Share("Email", 2, 2), Share("Referral", 7, 0)]
    assert [(move.source, move.before, move.after, move.touches) for move in found.moves] == [
        ("acme", "Referral", "Partners", 7)
    ]


def test_controls_say_the_rules_that_they_show():
    rules = [PARTNERS, PAID, {"name": "Big", "where": [{"property": "n", "op": "between", "value": ["1", "2"]}]}]
    assert fields.as_json(fields.from_json(rules)) == [
        {"name": rule["name"], "where": [{"op": "=", **one} for one in rule["where"]]} for rule in rules
    ]


@pytest.mark.parametrize(
    ("do", "names", "focus"),
    [
        ("up:1", ["b", "a"], "r1-down"),
        ("down:0", ["b", "a"], "r2-up"),
        ("up:0", ["a", "b"], ""),
        ("remove:0", ["b"], "r1-name"),
        ("add", ["a", "b", ""], "r3-name"),
        ("add-condition:1", ["a", "b"], "r2-1-p"),
        ("remove-condition:0:0", ["a", "b"], ""),
        ("remove:9", ["a", "b"], ""),
        ("up:x", ["a", "b"], ""),
        ("nothing", ["a", "b"], ""),
    ],
)
def test_a_press_changes_the_rules_and_says_where_the_focus_goes(do, names, focus):
    found, at = fields.edited((fields.RuleFields("a"), fields.RuleFields("b")), do)
    assert ([rule.name for rule in found], at) == (names, focus)
