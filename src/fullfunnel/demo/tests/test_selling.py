"""What sellers did, as the demo tells it to the REST API."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache

from fullfunnel.demo.plan import QUARTERS, lives
from fullfunnel.demo.selling import tell_sales
from fullfunnel.demo.story import stories

END = datetime(2026, 11, 15, 23, tzinfo=UTC)


@cache
def told():
    """Door -> the bodies it got, each with an id, of the last quarter."""
    calls = [call for door, call in stories(lives(END, quarters=QUARTERS[:1]), 1) if door == "sales"]
    kept = {}

    def post_many(path, bodies):
        kept[path] = list(bodies)
        return [f"{path}-{number}" for number in range(len(kept[path]))]

    assert tell_sales(calls, post_many, END) == 412
    return kept


def test_every_hand_over_has_another_firm_and_reasons():
    handed = told()["hand-overs"]
    assert len({each["company"]["key"] for each in handed}) == 412
    assert min(sum(why["points"] for why in each["why"] if why["of"] == "fit") for each in handed) == 50


def test_the_outcomes_are_those_of_the_truth():
    decided = told()["hand-overs/decisions"]
    assert Counter(each["what"] for each in decided) == {"accept": 247, "reject": 49, "recycle": 33, "age_out": 21}
    assert all(each["reason"] for each in decided if each["what"] in ("reject", "recycle"))


def test_the_deals_end_as_the_truth_says_and_each_loss_has_a_reason():
    moves = told()["deals/moves"]
    assert len(told()["deals"]) == 124
    assert Counter(each["to"] for each in moves if each["to"] in ("Won", "Lost")) == {"Won": 31, "Lost": 62}
    assert all(each["lost_reason"] for each in moves if each["to"] == "Lost")


def test_most_open_deals_have_a_next_step():
    decided = {each["id"] for each in told()["deals/moves"] if each["to"] in ("Won", "Lost")}
    deals = {f"deals-{number}": each for number, each in enumerate(told()["deals"])}
    steps = ["next_step" in each for deal, each in deals.items() if deal not in decided]
    assert len(steps) == 31
    assert 20 <= sum(steps) < 31
