"""Who sees what, on every route: a seller who sees only their own is told nothing of what others have, and changes none of it."""

from typing import Any

import pytest
from django.db import connection

from fullfunnel.crm.actions import add_task, hand_over, log_activity, open_deal
from fullfunnel.crm.said import Done
from fullfunnel.forms.actions import create_form, publish_form
from fullfunnel.forms.models import Submission
from fullfunnel.notes.actions import add_note
from fullfunnel.notices.models import Notice
from fullfunnel.people.actions import assign_company
from fullfunnel.people.models import Company, CompanyDomain, Identity, MergeProposal, Person
from fullfunnel.workspaces.actions import set_sight
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.sight.reach import Of, Reach, Rule
from tests.kit.cast import Member
from tests.kit.routes import Route, routes

# Of what Erika has. None of these may be in an answer to Bob.
SECRETS = (
    "Hildegard",
    "hildegard@v",
    "Verborgen",
    "verborgen.example",
    "Geheimauftrag",
    "Flüsternotiz",
    "Tuschelanruf",
)
SECRETS += ("Raunaufgabe", "Munkelformular", "Hildburg")
# Parts of them, which find them if anything does.
ASKED = ("Hildeg", "Verborg", "Geheimauf")
OWN = dict.fromkeys(Of, Rule(Reach.OWN, Reach.OWN))


@pytest.fixture
def erika(workspace):
    return Member("erika@halden.example", "Erika").joins(workspace, "seller")


@pytest.fixture
def hildegard(workspace):
    """Erika's person as a row alone: without a stream the walk over all pages counts nothing, and is quick."""
    said = {"name": "Hildegard Huber", "email": "hildegard@verborgen.example"}
    made = Person(workspace=workspace, public_id="hildegard-s", traits=said, is_identified=True, **said)
    made.search_text = f"{made.name} {made.email}".casefold()
    made.save()
    Identity.objects.create(workspace=workspace, kind="email", value=made.email, person=made, is_verified=True)
    return made


@pytest.fixture
def hidden(workspace, alice, bob, erika, hildegard):
    """One of everything that is Erika's, by the name of the path's parameter."""
    person = hildegard
    company = Company.objects.create(workspace=workspace, key="verborgen.example", name="Verborgen AG")
    assign_company(company, owner=erika.user, by=None)
    domain = CompanyDomain.objects.create(workspace=workspace, company=company, domain="verborgen.example")
    person.company = company
    person.save()
    by = Membership.objects.get(user=erika.user)
    lead = hand_over(person, cause_event="quote", why=["Asked"], by=by)
    deal = open_deal(lead, by=by, details={"name": "Geheimauftrag"})
    other = Person.objects.create(
        workspace=workspace, public_id="twin", name="Hildburg", is_identified=True, company=company
    )
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    publish_form(form, by=None)
    said = {"version": form.versions.get(), "person": person, "nonce": "0" * 32, "answers": {"name": "Munkelformular"}}
    member = Membership.objects.get(user=bob.user)
    notice = {"member": member, "person": person, "path": "/w/halden/", "sentence": "Hildegard waits", "kind": "late"}
    of_deal = {
        "public_id": deal.public_id, "person_id": person.public_id, "move_id": deal.moves.first().pk,
        "stage_id": deal.stage.public_id, "task_id": add_task(deal, title="Raunaufgabe", by=by).public_id,
    }  # fmt: skip
    sent = Submission.objects.create(workspace=workspace, form=form, **said)
    of_form = {"public_id": form.public_id, "key": "email", "submission_id": sent.public_id}
    return {
        "slug": "halden",
        "public_id": person.public_id,
        "hand_over_id": lead.public_id,
        "company_id": company.pk,
        "domain_id": domain.pk,
        "activity_id": log_activity(deal, done=Done("call", text="Tuschelanruf"), by=by).public_id,
        "task_id": add_task(person, title="Raunaufgabe", by=by).public_id,
        "note_id": add_note(person, text="Flüsternotiz", by=by).public_id,
        "notice_id": Notice.objects.create(workspace=workspace, **notice).public_id,
        "people:decide": {
            "pk": MergeProposal.objects.create(workspace=workspace, first=person, second=other, reason="same").pk
        },
        "stage_id": deal.stage.public_id,
        **{each.name: of_deal for each in ALL if each.pattern.startswith("w/<slug:slug>/deals/")},
        **{each.name: of_form for each in ALL if each.name.startswith("forms:")},
    }


@pytest.fixture
def bounded(workspace, alice, bob):
    by = Membership.objects.get(user=alice.user)
    assert len(set_sight(workspace, role="seller", rules=OWN, by=by)) == len(Of)
    return bob


ALL = [route for route in routes() if not route.scope and not route.pattern.startswith(("sign-out", "health", "api/"))]
THINGS = {"public_id", "hand_over_id", "company_id", "activity_id", "task_id", "note_id", "notice_id", "pk"}
# Ways to what is hidden that a path alone does not ask for.
QUERIES = {
    "crm:inbox": ("tab=all", "tab=decided"),
    "crm:inbox-came-from": ("ids={hand_over_id}",),
    "crm:deals": ("state=any",),
    "crm:deal-list": ("state=any", "owner=nobody"),
    "crm:deals-csv": ("state=any",),
    "crm:tasks": ("show=all", "show=done"),
    "crm:new-deal": ("company={company_id}", "person={public_id}"),
    "crm:companies": ("owner=nobody", "sort=name"),
    "crm:who-fits": ("name=Hildegard+Hub", "contact=%2B43+1"),
    "people:list": ("sort=name", "company={company_id}", "known=identified"),
}


SEARCHES = {
    "people:list",
    "people:find",
    "crm:find",
    "crm:companies",
    "crm:companies-csv",
    "crm:deal-list",
    "crm:deals",
}
SEARCHES |= {"crm:people-options", "crm:customer-options", "crm:company-options"}
ROOMS = ("people:", "crm:", "notes:", "notices:", "forms:")


def told(response: Any) -> str:
    return response.getvalue().decode(errors="replace")


def reads(route: Route, hidden: dict[str, Any]) -> list[str]:
    path = route.path(hidden)
    queries = [query.format(**hidden) for query in QUERIES.get(route.name, ())]
    queries += [f"q={words}" for words in ASKED if route.name in SEARCHES]
    return [path, *(f"{path}?{query}" for query in queries)]


def test_what_others_have_is_in_no_answer(hidden, bounded):
    found = []
    for route in ALL:
        for path in reads(route, hidden):
            response = bounded.client.get(path)
            text = told(response)
            found += [(path, response.status_code, each) for each in SECRETS if each in text]
    assert found == []


def test_whoever_sees_all_is_told_of_it(hidden, erika):
    """The walk meets what is hidden: the same paths tell a seller whose role sees all."""
    text = "".join(
        told(erika.client.get(path)) for route in ALL if route.name.startswith(ROOMS) for path in reads(route, hidden)
    )
    assert [each for each in SECRETS if each not in text] == []


def test_what_others_have_is_not_changed(hidden, bounded):
    named = [route for route in ALL if set(route.parameters) & THINGS and route.name not in FORMS_OF_ALL]
    wrong = []
    for route in named:
        before = connection.connection.total_changes
        status = bounded.client.post(route.path(hidden), {"reason": "x", "text": "x", "title": "x"}).status_code
        # A session that is read again, a wrong form: nothing of ours.
        if status not in (302, 403, 404, 405) or connection.connection.total_changes != before:
            wrong.append((route.name, status))
    assert wrong == []
    assert len(named) > 40


# Forms belong to nobody: who may edit one, edits it.
FORMS_OF_ALL = {route.name for route in ALL if route.name.startswith("forms:")}
