"""Whose rows are whose: leads, deals, and the people and companies that they name; and what a role may change of them."""

import pytest

from fullfunnel.crm.actions import accept_hand_over, add_task, assign_hand_over, change_deal, hand_over, open_deal
from fullfunnel.crm.models import Deal, HandOver, Task
from fullfunnel.people.actions import assign_company, change_company, create_company
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.actions import set_sight
from fullfunnel.workspaces.models import Membership, Team
from fullfunnel.workspaces.sight import hides, reason_not_to_change, seen_by, visible
from fullfunnel.workspaces.sight.reach import Of, Reach, Rule
from tests.kit.cast import Member
from tests.kit.refusals import refusal_of

ROWS = [HandOver, Deal, Task, Company]


def member(who):
    return Membership.objects.select_related("user", "workspace").get(user=who.user)


def reaching(workspace, alice, reach, change=None):
    rules = dict.fromkeys(Of, Rule(Reach(reach), Reach(change or reach)))
    set_sight(workspace, role="seller", rules=rules, by=member(alice))


@pytest.fixture
def erika(workspace):
    return Member("erika@halden.example", "Erika").joins(workspace, "seller")


@pytest.fixture
def persons(workspace):
    names = ("of-bob", "of-erika", "in-pool", "nobodys")
    rows = [Person(workspace=workspace, public_id=name, name=name, search_text=name) for name in names]
    return {row.public_id: row for row in Person.objects.bulk_create(rows)}


@pytest.fixture
def leads(workspace, bob, erika, persons):
    owners = {"of-bob": bob.user, "of-erika": erika.user, "in-pool": None}
    made = {}
    for name, owner in owners.items():
        firm = create_company(workspace, name=f"Firm {name}", by=None)
        persons[name].company = firm
        persons[name].save()
        made[name] = hand_over(persons[name], cause_event=name, why=["Asked"], by=None)
        if owner:
            made[name] = accept_hand_over(made[name], by=owner)
            # Whoever accepts takes the company; here it stays nobody's.
            assign_company(firm, owner=None, by=None)
    return made


def seen(model, who, field="public_id"):
    return sorted(visible(model.objects.filter(workspace__slug="halden"), to=member(who)).values_list(field, flat=True))


def test_without_rules_everybody_sees_everything(leads, persons, bob):
    assert seen(Person, bob) == sorted(persons)
    assert HandOver.objects.count() == len(seen(HandOver, bob)) == 3
    assert reason_not_to_change(leads["of-erika"], by=member(bob)) is None


def test_ones_own_are_ones_leads_and_the_pool_with_the_people_and_companies_that_they_name(
    workspace, alice, bob, leads, persons
):
    reaching(workspace, alice, "own")
    assert seen(Person, bob) == ["in-pool", "of-bob"]
    assert seen(Company, bob, "name") == ["Firm in-pool", "Firm of-bob"]
    assert seen(HandOver, bob) == sorted([leads["of-bob"].public_id, leads["in-pool"].public_id])
    assert seen(Person, alice) == sorted(persons)


def test_whoever_owns_a_company_sees_its_people(workspace, alice, bob, leads, persons):
    reaching(workspace, alice, "own")
    assign_company(persons["of-erika"].company, owner=bob.user, by=None)
    assert seen(Person, bob) == ["in-pool", "of-bob", "of-erika"]
    assert leads["of-erika"].public_id not in seen(HandOver, bob)


def test_a_deal_and_an_open_task_show_their_people(workspace, alice, bob, erika, leads, persons):
    reaching(workspace, alice, "own")
    task = add_task(persons["nobodys"], title="Call", owner=bob.user, by=None)
    deal = open_deal(persons["of-erika"], by=bob.user)
    assert seen(Person, bob) == ["in-pool", "nobodys", "of-bob", "of-erika"]
    assert seen(Deal, bob) == [deal.public_id]
    assert seen(Deal, erika) == []
    assert seen(Task, erika) == []
    assert seen(Task, bob) == [task.public_id]


def test_a_team_sees_what_belongs_to_any_of_it(workspace, alice, bob, erika, leads):
    reaching(workspace, alice, "team", "own")
    assert "of-erika" not in seen(Person, bob)
    Membership.objects.filter(workspace=workspace).update(team=Team.objects.create(workspace=workspace, name="North"))
    assert seen(Person, bob) == ["in-pool", "of-bob", "of-erika"]
    by = member(bob)
    assert refusal_of(lambda: assign_hand_over(leads["of-erika"], owner=bob.user, by=by), ROWS) == (
        "Your role changes only your own leads; ask whoever owns this one, or an admin."
    )


def test_what_one_sees_and_may_not_change_is_refused(workspace, alice, bob, erika, leads, persons):
    reaching(workspace, alice, "all", "own")
    deal = open_deal(persons["of-erika"], by=erika.user)
    task = add_task(deal, title="Call", owner=erika.user, by=erika.user)
    by = member(bob)
    assert refusal_of(lambda: change_deal(deal, changes={"name": "Mine"}, by=by), ROWS) == (
        "Your role changes only your own deals; ask whoever owns this one, or an admin."
    )
    told = {"name": "Mine", "kind": "company", "by": by}
    company = persons["of-erika"].company
    assert "only your own companies" in refusal_of(lambda: change_company(company, **told), ROWS)
    before = task.title
    bob.client.post(f"/w/halden/tasks/{task.public_id}/finish/")
    task.refresh_from_db()
    assert (task.title, task.done_at) == (before, None)
    assert change_deal(deal, changes={"name": "Ours"}, by=member(alice)).name == "Ours"


def test_the_pool_is_for_whoever_takes_from_it(workspace, alice, bob, erika, leads):
    reaching(workspace, alice, "own")
    taken = accept_hand_over(leads["in-pool"], by=member(bob))
    assert taken.owner == bob.user
    assert seen(Person, erika) == ["of-erika"]


def test_a_lead_given_away_is_answered_though_it_is_hidden_then(workspace, alice, bob, erika, leads):
    reaching(workspace, alice, "own")
    one = leads["of-bob"]
    path = f"/w/halden/inbox/{one.public_id}/"
    answer = bob.client.post(f"{path}assign/", {"owner": erika.user.pk}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "is given to Erika" in answer.content.decode()
    assert bob.client.get(path).status_code == 404
    one.refresh_from_db()
    assert one.owner == erika.user


def test_a_company_that_one_makes_is_ones_own_where_one_would_not_see_it(workspace, alice, bob):
    assert create_company(workspace, name="Open", by=member(bob)).owner is None
    reaching(workspace, alice, "own")
    made = create_company(workspace, name="Mine", domain="mine.example", by=member(bob))
    assert made.owner == bob.user
    assert bob.client.get(f"/w/halden/companies/{made.pk}/").status_code == 200


def test_a_deal_that_one_does_not_see_is_not_joined(workspace, alice, bob, erika, leads, persons):
    reaching(workspace, alice, "own")
    company = persons["of-erika"].company
    theirs = open_deal(company, by=erika.user)
    with seen_by(member(bob)):
        mine = open_deal(company, by=member(bob))
    assert mine.pk != theirs.pk
    assert mine.owner == bob.user


def test_a_new_lead_learns_of_what_is_hidden_name_and_owner_and_nothing_else(
    workspace, alice, bob, erika, leads, persons
):
    reaching(workspace, alice, "own")
    assign_company(persons["of-erika"].company, owner=erika.user, by=None)
    Person.objects.filter(public_id="of-erika").update(
        name="Gerda Grau", email="gerda@firm.example", search_text="gerda grau"
    )
    who = "/w/halden/new-lead/who/"

    def offered(**typed):
        return bob.client.get(who, typed).content.decode()

    assert "Gerda Grau" not in offered(name="Gerda Gr")
    assert "with Erika" in offered(name="gerda grau")
    by_mail = offered(name="G", contact="gerda@firm.example")
    assert "Gerda Grau" in by_mail
    assert "with Erika" in by_mail
    assert "Firm of-erika" not in by_mail
    assert "gerda@firm.example" not in offered(name="gerda grau")
    companies = "/w/halden/new-lead/companies/"
    assert "Firm of-erika" not in bob.client.get(companies, {"q": "Firm of"}).content.decode()
    assert "Erika" in bob.client.get(companies, {"q": "firm of-erika"}).content.decode()


def test_programs_see_all_and_say_so(workspace, alice, bob, leads, persons):
    reaching(workspace, alice, "own")
    assert not hides()
    assert visible(Person.objects.all()).count() == len(persons)
    with seen_by(member(bob)):
        assert hides()
        assert visible(Person.objects.all()).count() == 2
    assert reason_not_to_change(leads["of-erika"], by=None) is None
