"""A workspace that sells to households says which postcodes it serves; who lives elsewhere is no prospect."""

import pytest

from fullfunnel.people.models import Company
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.segments.selling import rival_addresses
from fullfunnel.stages.models import ServedArea
from fullfunnel.workspaces.models import AuditEntry

HERE = "/w/halden/settings/sales/served/"


@pytest.fixture
def firm(workspace):
    workspace.sells = "households"
    workspace.save()
    return workspace


def test_what_is_kept_holds_for_questions_and_is_audited(alice, firm):
    assert "Served postcodes" in alice.client.get(HERE).content.decode()
    before = dataset_of(firm).facts.version
    assert alice.client.post(HERE + "set/", {"postcodes": "80*\n\n 81541 \n80*"}).status_code == 302
    facts = dataset_of(firm).facts
    assert facts.selling.pages == {"postcode": ("80*", "81541")}
    assert facts.version != before
    assert AuditEntry.objects.get(action="set_served_postcodes").detail == {"postcodes": [[], ["80*", "81541"]]}
    alice.client.post(HERE + "set/", {"postcodes": ""})
    assert dataset_of(firm).facts.selling.pages == {}


@pytest.mark.parametrize("given", ["80/31", "x" * 30, "\n".join(map(str, range(1_001)))])
def test_what_is_no_list_of_postcodes_is_refused(alice, firm, given):
    answer = alice.client.post(HERE + "set/", {"postcodes": given}, follow=True)
    assert "postcode" in answer.content.decode()
    assert not ServedArea.objects.exists()


def test_who_sells_to_companies_is_asked_for_none(alice, workspace):
    assert alice.client.get(HERE).content.decode().strip() == ""


def test_competitors_are_known_by_their_domains(workspace):
    for name, domain, is_competitor in (
        ("a", "Rival.example", True),
        ("b", "gmail.com", True),
        ("c", "c.example", False),
    ):
        Company.objects.create(workspace=workspace, key=name, domain=domain, is_competitor=is_competitor)
    assert rival_addresses(workspace) == ("@rival.example",)
    assert dataset_of(workspace).facts.selling.rivals == ("@rival.example",)
