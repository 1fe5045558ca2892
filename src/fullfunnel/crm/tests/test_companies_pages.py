"""The list of companies, its file, and the page of one: what they show, and what may be done there by whom."""

import pytest

from fullfunnel.crm import actions
from fullfunnel.crm.models import Activity
from fullfunnel.crm.said import Done, Lost
from fullfunnel.people.actions import add_company_domain, assign_company, create_company
from fullfunnel.people.models import Company, CompanyDomain
from tests.kit.cast import Member


@pytest.fixture
def vera(workspace):
    return Member("vera@halden.example", "Vera").joins(workspace, "viewer")


def page(member, path=""):
    found = member.client.get(f"/w/halden/companies/{path}")
    content = b"".join(found.streaming_content) if found.streaming else found.content
    return found.status_code, " ".join(content.decode().split())


def post(member, path, **given):
    return member.client.post(f"/w/halden/companies/{path}", given)


def listed(text):
    return [part.split(">")[1].split("<")[0].strip() for part in text.split("data-open ")[1:]]


def test_the_list_is_searched_by_name_and_domain_and_filtered_by_owner_and_kind(acme, bob, workspace):
    birkental = create_company(workspace, name="Birkental", domain="klinik-birkental.example", by=bob.user)
    create_company(workspace, name="Family Berg", kind="household", by=bob.user)
    assign_company(birkental, owner=bob.user, by=bob.user)
    assert listed(page(bob)[1]) == ["Family Berg", "Birkental", "Acme"]
    assert listed(page(bob, "?sort=name")[1]) == ["Acme", "Birkental", "Family Berg"]
    assert listed(page(bob, "?q=klinik-birk")[1]) == ["Birkental"]
    assert listed(page(bob, "?q=ACM")[1]) == ["Acme"]
    assert listed(page(bob, "?owner=mine")[1]) == ["Birkental"]
    assert listed(page(bob, "?owner=nobody")[1]) == ["Family Berg", "Acme"]
    assert listed(page(bob, "?kind=household")[1]) == ["Family Berg"]
    assert listed(page(bob, "?kind=%00&owner=%00&cursor=x")[1]) == ["Family Berg", "Birkental", "Acme"]


def test_a_row_says_its_people_and_sums_each_currency_of_open_deals_by_itself(known, acme, bob):
    actions.open_deal(acme, details={"amount": "9600", "currency": "EUR"}, by=bob.user)
    actions.open_deal(acme, details={"amount": "100.50", "currency": "EUR"}, is_new=True, by=bob.user)
    actions.open_deal(acme, details={"amount": "7", "currency": "CHF"}, is_new=True, by=bob.user)
    _, text = page(bob)
    assert '<td class="num">2</td>' in text
    assert '<td class="num">3, CHF 7.00 + €9,700.50 </td>' in text


def test_the_file_holds_what_the_list_shows(known, acme, bob, workspace):
    create_company(workspace, name="=Birkental", by=bob.user)
    actions.open_deal(acme, details={"amount": "9600", "currency": "EUR"}, by=bob.user)
    status, text = page(bob, "companies.csv?q=acme")
    assert (status, "Birkental" in text) == (200, False)
    assert f"{acme.pk},acme.example,Acme,company,,,,2," in text
    assert ',1,"€9,600.00",' in text
    assert ",'=Birkental," in page(bob, "companies.csv")[1]


def test_a_workspace_without_companies_says_how_they_come(bob):
    assert "No companies yet" in page(bob)[1]


def test_a_company_shows_its_people_deals_hand_overs_and_what_was_done(waiting, known, acme, bob, stages, reason):
    actions.log_activity(known[0], done=Done("call", text="Wants rosters"), by=bob.user)
    actions.open_deal(waiting, details={"amount": "9600", "currency": "EUR"}, by=bob.user)
    lost = actions.open_deal(acme, details={"name": "Old one", "amount": "5"}, is_new=True, by=bob.user)
    actions.move_deal(lost, to=stages["Lost"], lost=Lost(reason), by=bob.user)
    status, text = page(bob, f"{acme.pk}/")
    assert status == 200
    assert "<strong>One open deal, €9,600.00, in Discovery.</strong> 2 people known." in text
    assert "<dt>Lost</dt><dd>1, €5.00" in text
    for shown in ("Ada", "Ben", "Old one", "Wants rosters", "Accepted", f": {reason}"):
        assert shown in text, shown


def test_an_editor_changes_name_kind_and_owner_in_one_form(acme, bob):
    given = {"name": "Acme AG", "kind": "household", "owner": bob.user.public_id, "is_competitor": "on"}
    assert post(bob, f"{acme.pk}/change/", **given).status_code == 302
    acme.refresh_from_db()
    assert (acme.name, acme.kind, acme.owner, acme.is_competitor) == ("Acme AG", "household", bob.user, True)
    wrong = post(bob, f"{acme.pk}/change/", **given | {"name": "x" * 301})
    assert (wrong.status_code, "between 1 and 300 characters" in wrong.content.decode()) == (422, True)
    acme.refresh_from_db()
    assert acme.name == "Acme AG"


def test_a_domain_is_added_confirmed_and_removed(acme, bob, workspace):
    noted = add_company_domain(acme, domain="acme.de", by=None)
    assert "not confirmed" in page(bob, f"{acme.pk}/")[1]
    assert post(bob, f"{acme.pk}/domains/{noted.pk}/confirm/").status_code == 302
    assert post(bob, f"{acme.pk}/domains/", domain="acme.com").status_code == 302
    assert post(bob, f"{acme.pk}/domains/", domain="gmail.com").status_code == 302
    assert "Anybody may have an address at gmail.com" in page(bob, f"{acme.pk}/")[1]
    add_company_domain(Company.objects.create(workspace=workspace, key="t"), domain="talheim.com", by=bob.user)
    assert post(bob, f"{acme.pk}/domains/", domain="talheim.com").status_code == 302
    rows = CompanyDomain.objects.filter(company=acme).order_by("domain")
    assert [(row.domain, row.verified_by) for row in rows] == [("acme.com", bob.user), ("acme.de", bob.user)]
    assert post(bob, f"{acme.pk}/domains/{noted.pk}/remove/").status_code == 302
    assert [row.domain for row in rows.all()] == ["acme.com"]


def test_an_activity_is_logged_about_the_company(acme, bob):
    given = {"log-kind": "meeting", "log-direction": "in", "log-outcome": "held", "log-text": "Met at the fair"}
    assert post(bob, f"{acme.pk}/activities/", **given).status_code == 302
    row = Activity.objects.get()
    assert (row.company, row.kind, row.direction, row.outcome, row.by) == (acme, "meeting", "in", "held", bob.user)
    wrong = post(bob, f"{acme.pk}/activities/", **given | {"log-kind": "chat"})
    assert (wrong.status_code, Activity.objects.count()) == (422, 1)


def test_a_company_is_made_by_hand_and_a_domain_of_another_makes_none(acme, bob, workspace):
    assert post(bob, "new/", name="Talheim", kind="company", domain="talheim.com").status_code == 302
    wrong = post(bob, "new/", name="Second", kind="company", domain="talheim.com")
    assert (wrong.status_code, "belongs to Talheim already" in wrong.content.decode()) == (422, True)
    assert sorted(Company.objects.values_list("name", flat=True)) == ["Acme", "Talheim"]


def test_a_viewer_sees_a_company_and_is_offered_nothing_to_change(acme, vera):
    status, text = page(vera, f"{acme.pk}/")
    assert (status, '<form method="post" action="/w/halden/companies' in text) == (200, False)


def test_a_shop_that_sells_online_only_has_no_entry_for_companies(acme, bob, workspace):
    assert "/w/halden/companies/" in bob.client.get("/w/halden/people/").content.decode()
    workspace.sells = "online"
    workspace.save()
    assert "/w/halden/companies/" not in bob.client.get("/w/halden/people/").content.decode()
    for path in ("", "companies.csv", "new/", f"{acme.pk}/"):
        assert page(bob, path)[0] == 404, path
