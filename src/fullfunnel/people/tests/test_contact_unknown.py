"""A company of which nobody is known has one contact unknown: its events count for companies and deals, it is nobody."""

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.events.event import Arrival
from fullfunnel.people import actions
from fullfunnel.people.identifiers import CONTACT_OF
from fullfunnel.people.import_people import guess, import_rows
from fullfunnel.people.models import Company, Identity, Person, Tombstone
from fullfunnel.people.record import contact_unknown, record
from fullfunnel.people.search import search_people
from tests.kit.cast import drain, send

NOON = 1_767_268_800_000_000


@pytest.fixture
def acme(workspace):
    return Company.objects.create(workspace=workspace, key="acme", name="Acme")


def test_there_is_one_a_company_made_when_needed(workspace, acme):
    nobody = contact_unknown(acme)
    assert (nobody.company, nobody.is_contact_unknown, str(nobody)) == (acme, True, "Contact unknown at Acme")
    assert contact_unknown(acme) == nobody
    assert list(Identity.objects.values_list("kind", "value", "person")) == [("contact_of", "acme", nobody.pk)]
    other = Company.objects.create(workspace=workspace, key="other")
    assert contact_unknown(other) != nobody


def test_its_events_reach_the_stream_and_make_nobody(workspace, acme):
    nobody = contact_unknown(acme)
    record(nobody, "deal_won", by=None, company=acme, deal="d-1")
    drain()
    from fullfunnel.events.store import open_store

    rows = open_store().ask(lambda d: "SELECT identity_id, company_id, deal_id, actor FROM events")
    identity = Identity.objects.get()
    assert rows == [{"identity_id": identity.pk, "company_id": acme.pk, "deal_id": "d-1", "actor": "system"}]
    assert Person.objects.count() == 1


@pytest.mark.parametrize("kind", ["web", "server", "file"])
def test_no_client_can_claim_to_be_it(workspace, acme, website, server, kind):
    nobody = contact_unknown(acme)
    source = {"web": website, "server": server}.get(kind) or workspace_file(workspace)
    claim = [(CONTACT_OF, "acme"), ("contact_of ", "acme")]
    send(source, [Arrival(kind="identify", name="person_identified", at=NOON, id="1", user="eve", identifiers=claim)])
    send(source, [Arrival(name="page_viewed", at=NOON, id="2", identifiers=claim[:1])])
    drain()
    assert Identity.objects.get(kind=CONTACT_OF).person == nobody
    assert Identity.objects.get(kind="user_id", value="eve").person != nobody
    assert Identity.objects.filter(person=nobody).count() == 1


def workspace_file(workspace):
    from fullfunnel.workspaces.models import Source

    return Source.objects.create(workspace=workspace, name="File", kind="file")


def test_neither_an_import_nor_an_action_can_name_it(workspace, acme):
    contact_unknown(acme)
    rows = [(1, {"identities": '["contact_of:acme"]', "name": "Eve"})]
    report = import_rows(workspace, rows, guess(["identities", "name"]))
    assert (report.refused, report.created) == (1, 0)
    refused = actions.identify_person(workspace, identifiers=[(CONTACT_OF, "acme")], traits={"name": "Eve"}, by=None)
    assert isinstance(refused, Refused)
    assert Person.objects.count() == 1


def test_it_is_neither_merged_nor_forgotten(workspace, acme):
    nobody = contact_unknown(acme)
    eve = actions.identify_person(workspace, identifiers=[("user_id", "eve")], traits={}, by=None)
    for result in (
        actions.merge_people(eve, loser=nobody, by=None),
        actions.merge_people(nobody, loser=eve, by=None),
        actions.forget_person(nobody, by=None),
    ):
        assert isinstance(result, Refused)
    assert Person.objects.filter(merged_into=None).count() == 2
    assert Tombstone.objects.count() == 0


def test_it_is_on_no_list_of_people(workspace, acme, alice):
    contact_unknown(acme)
    page = alice.client.get("/w/halden/people/").content.decode()
    assert "Nobody yet." in page
    assert "Everybody who visits, writes or buys" in page
    actions.identify_person(workspace, identifiers=[("user_id", "eve")], traits={"name": "Eve"}, by=None)
    page = alice.client.get("/w/halden/people/").content.decode()
    assert "1 person, of whom 1 said who they are." in page
    for words in ("acme", "contact_of", "is:visitor", "company:acme"):
        assert list(search_people(workspace, words)) == []
        assert b"Contact unknown" not in alice.client.get("/w/halden/people/", {"q": words}).content
