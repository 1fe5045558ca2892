"""The pages of a funnel that counts companies or deals."""

import pytest

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from tests.kit.cast import drain, send


@pytest.fixture
def acme(workspace, server):
    """Ada of Acme asks for a demo, her colleague Ben is in a deal."""
    now = clock.now_us()
    told = [
        Arrival(kind="identify", name="person_identified", at=now - 9, id="i1", user="ada", company="acme"),
        Arrival(kind="identify", name="person_identified", at=now - 8, id="i2", user="ben", company="acme"),
        Arrival(name="demo_requested", at=now - 5, id="e1", user="ada"),
        Arrival(name="deal_created", at=now - 4, id="e2", user="ben", actor="us", deal="d-7"),
        Arrival(name="deal_won", at=now - 3, id="e3", user="ben", actor="us", deal="d-7"),
    ]
    send(server, told)
    drain()


@pytest.mark.parametrize(
    ("link", "named", "noun"),
    [
        ("s1=demo_requested&s2=deal_won&count=companies", "acme", "company"),
        ("s1=deal_created&s2=deal_won&count=deals", "d-7", "deal"),
    ],
)
def test_a_list_names_companies_and_deals_as_the_stream_does(acme, carol, link, named, noun):
    response = carol.client.get(f"/w/halden/funnel/people/?{link}&step=2")
    assert response.status_code == 200
    assert [row["name"] for row in response.context["people"]] == [named]
    assert f"1 {noun}, the earliest first." in response.content.decode()
    assert (
        f'<th scope="col">{noun.capitalize()}</th><th scope="col" class="num">Entered</th>' in response.content.decode()
    )
    answer = carol.client.get(f"/w/halden/funnel/?{link}")
    assert [row.count for row in answer.context["rows"]] == [1, 1]
