"""`count: deals`: what everyone with a role on a deal did or met, up to its end."""

from tests.engines.stream import Row, Stream
from tests.engines.tell import HOUR, NOON, ask, groups


def dataset_of(*told, people=None, until=None):
    """ "ada see 0 d1": who, what, hours after noon, the deal that the event names (- for none)."""
    rows = []
    for one in told:
        who, what, hours, deal = one.split()
        actor = "us" if what.startswith("deal") else "person"
        rows.append(Row(who, what, NOON + int(hours) * HOUR, {}, None, actor, None, None if deal == "-" else deal))
    return Stream(rows, people, until=until and NOON + until * HOUR)


def listed(world, question, **fields):
    return [one["deal"] for one in world.ask(question | {"show": "people"} | fields)["people"]]


def test_a_deals_journey_is_what_everyone_with_a_role_on_it_did():
    world = dataset_of(
        "ada see 0 -", "ben ask 1 -", "ada deal_created 2 d1", "ben deal_contact_added 3 d1", "ada deal_won 9 d1"
    )
    assert world.counts(ask("see", "ask", "deal_won")) == [1, 0, 0]
    assert world.counts(ask("see", "ask", "deal_won", count="deals")) == [1, 1, 1]
    answer = world.ask(ask("see", "deal_won", count="deals", show="people"))
    assert answer["people"] == [{"deal": "d1", "entered_at": "2026-03-02T12:00:00Z"}]


def test_who_has_no_role_has_no_deal():
    world = dataset_of("ada see 0 -", "ben deal_created 1 d1")
    assert listed(world, ask("see", count="deals")) == []


def test_a_touch_without_a_deal_counts_for_every_deal_of_the_person():
    world = dataset_of("ada see 0 -", "ada deal_created 1 d1", "ada deal_created 2 d2", "ada deal_won 3 d2")
    assert listed(world, ask("see", "deal_created", count="deals")) == ["d1", "d2"]
    assert listed(world, ask("see", "deal_won", count="deals")) == ["d2"]


def test_what_names_another_deal_does_not_belong():
    world = dataset_of("ada see 0 d2", "ada deal_created 1 d1", "ada deal_created 2 d2")
    assert listed(world, ask("see", "deal_created", count="deals")) == ["d2"]


def test_a_deal_ends_with_its_first_win_or_loss_included():
    world = dataset_of("ada see 0 -", "ada deal_lost 2 d1", "ada buy 3 -", "ada deal_won 4 d1")
    assert world.counts(ask("see", "deal_lost", count="deals")) == [1, 1]
    assert world.counts(ask("see", "buy", count="deals")) == [1, 0]
    assert world.counts(ask("see", "deal_won", count="deals")) == [1, 0]
    # Equal times never cost a conversion.
    world = dataset_of("ada see 0 -", "ada deal_won 2 d1", "ada buy 2 -")
    assert world.counts(ask("see", "buy", count="deals")) == [1, 1]


def test_the_end_of_one_deal_does_not_end_another():
    world = dataset_of("ada deal_created 0 d1", "ada deal_created 0 d2", "ada deal_won 1 d1", "ada see 2 -")
    assert listed(world, ask("deal_created", "see", count="deals")) == ["d2"]


def test_groups_of_a_trait_go_by_who_did_it():
    people = {"ada": {"role": "buyer"}, "ben": {"role": "user"}}
    world = dataset_of(
        "ada see 0 -", "ben deal_created 1 d1", "ada deal_created 2 d1", "ben deal_created 3 d2", people=people
    )
    question = ask("deal_created", count="deals", breakdown={"property": "role", "of": "person", "attribution": "last"})
    assert groups(world, question) == [("buyer", [1]), ("user", [1])]


def test_two_deals_of_one_person_share_what_names_neither():
    world = dataset_of("ada see 0 -", "ada see 1 -", "ada deal_created 2 d1", "ada deal_created 2 d2", "ada see 3 -")
    world.identities = 1
    assert listed(world, ask("see", "see", "see", count="deals")) == ["d1", "d2"]
