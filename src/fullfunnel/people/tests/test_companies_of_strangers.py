"""A stranger with a website's key decides nothing about what a server said of a company, or whose somebody is."""

import pytest

from fullfunnel.events.event import Arrival
from fullfunnel.people.models import Company, Identity
from tests.kit.cast import drain, send

NOON = 1_767_268_800_000_000


def group(number, user, company, **traits):
    return Arrival(
        kind="group", name="company_identified", at=NOON + number, id=f"g{number}", user=user, company=company,
        traits=traits,
    )  # fmt: skip


@pytest.fixture
def acme(workspace, server):
    send(server, [group(1, "ada", "acme", name="Acme", plan="pro")])
    drain()
    return Company.objects.get(workspace=workspace, key="acme")


def test_a_made_up_user_overwrites_no_trait_that_a_server_said_and_may_fill_others(acme, website, server):
    send(website, [group(2, "nobody-1", "acme", name="Evil", plan="free", city="Bonn")])
    drain()
    acme.refresh_from_db()
    assert (acme.traits, acme.name) == ({"name": "Acme", "plan": "pro", "city": "Bonn"}, "Acme")
    send(website, [group(3, "ada", "acme", city="Ulm")])
    send(server, [group(4, "ada", "acme", plan="free")])
    drain()
    acme.refresh_from_db()
    assert acme.traits == {"name": "Acme", "plan": "free", "city": "Ulm"}


def test_what_a_server_took_away_stays_away(acme, website, server):
    send(server, [group(5, "ada", "acme", plan=None)])
    send(website, [group(6, "nobody-1", "acme", plan="free")])
    drain()
    acme.refresh_from_db()
    assert acme.traits == {"name": "Acme"}


def test_a_guessed_user_id_moves_nobody_to_another_company(acme, workspace, website):
    send(website, [group(7, "ada", "evil")])
    drain()
    person = Identity.objects.get(workspace=workspace, kind="user_id", value="ada").person
    assert person.company == acme
