"""Ctrl-K finds companies and deals by how their names begin, in the own workspace only."""

import pytest

from fullfunnel.crm import actions
from fullfunnel.people.actions import create_company


def found(member, typed):
    return member.client.get("/w/halden/sales/find/", {"q": typed}).content.decode()


@pytest.mark.django_db
def test_companies_and_deals_are_found_by_how_they_begin(workspace, bob, charlie):
    clinic = create_company(workspace, name="Klinik Rosental", by=bob.user)
    deal = actions.open_deal(clinic, by=bob.user)
    create_company(charlie.user.memberships.get().workspace, name="Klinik Rosenheim", by=charlie.user)
    page = found(bob, "klinik ro")
    assert f'data-kind="company" href="/w/halden/companies/{clinic.pk}/">Klinik Rosental<' in page
    assert f'data-kind="deal" href="/w/halden/deals/{deal.public_id}/">{deal.name} · ' in page
    assert "Rosenheim" not in page
    assert "<li>" not in found(bob, "rosental")
    assert "<li>" not in found(bob, "k")
