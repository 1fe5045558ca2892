"""Roads through both funnels."""

import pytest

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from tests.kit.cast import Visitor, days_ago, drain, send

SPRING = "?utm_source=news&utm_medium=email&utm_campaign=spring"


def tell_deal(server, event, at, **properties):
    """What another tool says of Ada's deal."""
    moment = clock.to_us(at)
    send(server, [Arrival(name=event, at=moment, id=event, user="a-1", deal="D1", properties=properties, actor="us")])
    drain()


@pytest.fixture
def road(ada, ben, cleo, website, server):
    """Ada went the whole road to a won deal; Ben was handed over and waits; Cleo came once."""
    crm = Visitor("ada", server)
    ada.visits("/pricing", at=days_ago(20), referrer="https://www.google.com/")
    ada.visits("/pricing", at=days_ago(18))
    ada.identifies("a-1", at=days_ago(18), email="ada@clinic.example")
    ada.submits("demo", at=days_ago(17))
    crm.user = "a-1"
    crm.does("lead_handed_over", at=days_ago(16), lead_id="L1")
    crm.does("lead_accepted", at=days_ago(15), lead_id="L1")
    tell_deal(server, "deal_created", days_ago(14), amount="9600.00", currency="EUR")
    tell_deal(server, "deal_won", days_ago(2), revenue="9600.00", currency="EUR")
    ben.visits("/blog/a", at=days_ago(10))
    ben.identifies("b-1", at=days_ago(9), email="ben@clinic.example")
    crm.user = "b-1"
    crm.does("lead_handed_over", at=days_ago(8))
    cleo.visits("/", at=days_ago(3))


@pytest.fixture
def sold(alice, bob, ada, ben, cleo, website):
    """Bob has Ada's deal and Alice Ben's hand-over; Cleo came by a campaign and belongs to nobody."""
    from fullfunnel.crm.actions import accept_hand_over, assign_hand_over, hand_over, open_deal

    for visitor in (ada, ben):
        visitor.visits("/pricing", at=days_ago(9))
    cleo.visits(f"/blog/a{SPRING}", at=days_ago(5))
    made = [hand_over(visitor.person, cause_event=visitor.name, why=["Asked"], by=None) for visitor in (ada, ben)]
    assign_hand_over(made[0], owner=bob.user, by=alice.user)
    assign_hand_over(made[1], owner=alice.user, by=alice.user)
    accept_hand_over(made[0], by=bob.user)
    open_deal(made[0], details={"amount": 9600}, by=bob.user)
    drain()
    return made
