"""Somebody belongs to the company whose verified domain their address has; nobody by a name alone."""

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.people import actions
from fullfunnel.people.belonging import company_of_address, own_domains
from fullfunnel.people.models import Company, CompanyDomain
from tests.kit.cast import Visitor
from tests.kit.refusals import refusal_of

MODELS = [Company, CompanyDomain]


@pytest.fixture
def acme(workspace):
    return Company.objects.create(workspace=workspace, key="acme.example", name="Acme", traits={"name": "Acme"})


def work_for(company, *visitors):
    for visitor in visitors:
        visitor.identifies(f"{visitor.name}-1", email=f"{visitor.name}@acme.example")
        actions.link_company(visitor.person, company=company, by=None)


def test_a_domain_that_a_member_confirmed_says_whose_an_address_is(workspace, acme, bob):
    assert company_of_address(workspace.pk, "new@mail.acme.example") is None
    row = actions.add_company_domain(acme, domain="https://www.ACME.example/de", by=bob.user)
    assert (row.domain, row.verified_by) == ("acme.example", bob.user)
    assert company_of_address(workspace.pk, "new@mail.acme.example") == acme
    actions.remove_company_domain(row, by=bob.user)
    assert company_of_address(workspace.pk, "new@mail.acme.example") is None


def test_a_claimed_domain_is_verified_once_two_known_people_have_it(workspace, acme, ada, ben):
    work_for(acme, ada)
    assert company_of_address(workspace.pk, "new@acme.example") is None
    work_for(acme, ben)
    assert company_of_address(workspace.pk, "new@acme.example") == acme
    assert [(row.domain, row.verified_at is None) for row in acme.domains.all()] == [("acme.example", False)]


def test_of_two_companies_with_known_people_at_a_domain_neither_is_believed(workspace, website, acme, ada, ben, cleo):
    other = Company.objects.create(workspace=workspace, key="o", name="Acme", domain="acme.example")
    work_for(acme, ada, ben)
    work_for(other, cleo, Visitor("dora", website))
    assert company_of_address(workspace.pk, "new@acme.example") is None


def test_a_domain_belongs_to_one_company(workspace, acme, bob):
    other = actions.create_company(workspace, name="Other", domain="acme.example", by=bob.user)
    assert isinstance(other, Company)
    assert refusal_of(
        lambda: actions.create_company(workspace, name="X", domain="acme.example", by=bob.user), MODELS
    ) == ("acme.example belongs to Other already; take it away there.")
    noted = actions.add_company_domain(acme, domain="acme.example", by=None)
    assert noted.verified_at is None
    assert isinstance(actions.verify_company_domain(noted, by=bob.user), Refused)


@pytest.mark.parametrize(
    ("domain", "part"), [("gmail.com", "Anybody may have"), ("acme", "is no domain"), ("", "is no domain")]
)
def test_a_provider_and_what_is_no_domain_are_refused(domain, part, acme, bob):
    assert part in refusal_of(lambda: actions.add_company_domain(acme, domain=domain, by=bob.user), MODELS)


def test_our_own_people_are_of_no_company_and_a_provider_is_nobodys_own(workspace, bob, carol):
    carol.user.email = "carol@gmail.com"
    carol.user.save()
    assert own_domains(workspace.pk) == {"halden.example"}
    halden = actions.create_company(workspace, name="Halden", domain="halden.example", by=bob.user)
    assert isinstance(halden, Company)
    assert company_of_address(workspace.pk, "new@halden.example") is None


def test_a_company_made_by_hand_has_a_name_a_kind_and_an_owner(workspace, bob, charlie):
    made = actions.create_company(workspace, name=" Brandt ", kind="household", by=bob.user)
    assert (made.name, made.kind, made.traits) == ("Brandt", "household", {"name": "Brandt"})
    assert actions.assign_company(made, owner=bob.user, by=bob.user).owner == bob.user
    assert "no member" in refusal_of(lambda: actions.assign_company(made, owner=charlie.user, by=bob.user), MODELS)
    changed = actions.change_company(made, name="Planik", kind="company", is_competitor=True, by=bob.user)
    changed.refresh_from_db()
    assert (changed.name, changed.kind, changed.is_competitor) == ("Planik", "company", True)
    assert "is not one of" in refusal_of(
        lambda: actions.change_company(made, name="x", kind="club", by=bob.user), MODELS
    )
