"""`count: companies`: the events of a company are those that name it, and those of its people that name none."""

import pytest

from tests.engines.stream import Row, Stream
from tests.engines.tell import HOUR, NOON, ask, groups


def happened(*told):
    """ "ada see 0 brix p=x": who, what, hours after noon, the company the event names (- for none), properties."""
    rows = []
    for one in told:
        who, what, hours, company, *rest = one.split()
        given = dict(part.split("=") for part in rest)
        actor = given.pop("by", "person")
        rows.append(
            Row(who, what, NOON + int(float(hours) * HOUR), given, None, actor, None if company == "-" else company)
        )
    return rows


PEOPLE = {
    "ada": {"company": "acme", "role": "buyer"},
    "ben": {"company": "acme", "role": "user"},
    "cleo": {"company": "brix"},
}
COMPANIES = {"acme": {"size": "big"}, "brix": {"size": "small"}}


def dataset_of(*told, until=None):
    return Stream(happened(*told), PEOPLE, companies=COMPANIES, until=until)


def listed(world, question, **fields):
    return [one["company"] for one in world.ask(question | {"show": "people"} | fields)["people"]]


def test_what_one_colleague_begins_another_may_finish():
    world = dataset_of("ada see 0 -", "ben buy 1 -", "cleo see 0 -")
    assert world.counts(ask("see", "buy")) == [2, 0]
    assert world.counts(ask("see", "buy", count="companies")) == [2, 1]
    assert listed(world, ask("see", "buy", count="companies")) == ["acme"]


def test_an_event_belongs_to_the_company_it_names_else_to_the_persons_of_today():
    world = dataset_of("ada see 0 brix", "cleo buy 1 -", "ada buy 2 -", "dan see 3 -")
    assert listed(world, ask("see", "buy", count="companies")) == ["brix"]
    # dan belongs to nobody, and his event names nobody.
    assert listed(world, ask("see", count="companies")) == ["brix"]


def test_a_list_of_companies_says_company():
    world = dataset_of("ada see 0 -")
    answer = world.ask(ask("see", count="companies", show="people"))
    assert answer == {
        "kind": "funnel",
        "people": [{"company": "acme", "entered_at": "2026-03-02T12:00:00Z"}],
        "total": 1,
    }


def test_a_condition_on_the_person_is_of_whoever_did_it():
    buyer = {"property": "role", "op": "=", "value": "buyer", "of": "person"}
    world = dataset_of("ada see 0 -", "ben buy 1 -")
    assert world.counts(ask("see", {"event": "buy", "where": [buyer]}, count="companies")) == [1, 0]
    assert world.counts(ask({"event": "see", "where": [buyer]}, "buy", count="companies")) == [1, 1]


def test_the_traits_of_the_time_are_each_persons_own():
    was_user = {"property": "role", "op": "=", "value": "user", "of": "person_then"}
    world = dataset_of(
        "ada trait_changed 5 - trait=role old=user new=buyer by=system", "ada see 0 -", "ben buy 1 -", "ada see 6 -"
    )
    question = ask({"event": "see", "where": [was_user]}, "buy", count="companies")
    assert world.counts(question) == [1, 1]
    assert world.ask(question | {"period": {"from": "2026-03-02T17:00:00"}})["units"] == 0


def test_strict_looks_at_what_colleagues_did():
    world = dataset_of("ada see 0 -", "ben look 1 -", "ada buy 2 -")
    assert world.counts(ask("see", "buy", order="strict")) == [1, 1]
    assert world.counts(ask("see", "buy", order="strict", count="companies")) == [1, 0]


def test_the_first_of_its_kind_is_the_companys():
    first = {"event": "see", "first_ever": True}
    world = dataset_of("ada see 0 -", "ben see 1 -", "ben buy 2 -")
    assert world.ask(ask(first, "buy"))["units"] == 2
    [see, buy] = world.ask(ask(first, "buy", count="companies"))["steps"]
    assert (see["count"], buy["seconds_from_previous"]["median"]) == (1, 7200.0)


@pytest.mark.parametrize(
    ("breakdown", "expected"),
    [
        ({"property": "size", "of": "company"}, [("big", [1, 1]), ("small", [1, 0])]),
        ({"property": "role", "of": "person"}, [(None, [1, 0]), ("buyer", [1, 1])]),
        ({"property": "role", "of": "person", "attribution": "last"}, [(None, [1, 0]), ("user", [1, 1])]),
        ({"property": "role", "of": "person", "attribution": "all"}, [(None, [1, 0]), ("buyer", [1, 0])]),
    ],
)
def test_groups_are_of_the_company_or_of_who_did_it(breakdown, expected):
    world = dataset_of("ada see 0 -", "ben buy 1 -", "cleo see 0 -")
    assert groups(world, ask("see", "buy", count="companies", breakdown=breakdown)) == expected
