"""The pages of people over a real store: finding, reading, merging, taking back, forgetting."""

import re

import pytest

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from fullfunnel.people import actions
from fullfunnel.people.models import Identity, Merge, MergeProposal, Person
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.cast import days_ago, drain, send

PEOPLE = "/w/halden/people/"


@pytest.fixture
def crowd(ada, ben, cleo):
    """Ada is known, at the firm Nordklinik; Ben is known; Cleo only visited."""
    ada.visits("/pricing", at=days_ago(20))
    ada.identifies(email="ada@nordklinik.example", name="Ada Brandt", at=days_ago(19))
    actions.link_company(ada.person, company="nordklinik", by=None)
    ben.identifies(email="ben@praxis.example", name="Ben Okafor", at=days_ago(10))
    cleo.visits("/", at=days_ago(1))


def body(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def listed(member, query=""):
    response = member.client.get(f"{PEOPLE}?{query}")
    assert response.status_code == 200
    return [str(person).split()[0] for person in response.context["listing"].page.rows]


def test_everybody_is_listed_the_last_seen_first(crowd, bob):
    assert listed(bob) == ["Visitor", "Ben", "Ada"]
    assert bob.client.get(PEOPLE).context["said"] == "3 people, of whom 2 said who they are."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=brandt", ["Ada"]),
        ("q=ADA@nordklinik", ["Ada"]),
        ("q=cleo-browser", ["Visitor"]),
        ("known=identified", ["Ben", "Ada"]),
        ("known=anonymous", ["Visitor"]),
        ("sort=name", ["Ada", "Ben"]),
        ("sort=-name", ["Ben", "Ada"]),
        ("q=nobody", []),
    ],
)
def test_people_are_found_filtered_and_sorted(crowd, bob, query, found):
    assert listed(bob, query) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=nobody", "Nobody matches “nobody”."),
        ("q=nobody&known=identified", "No identified person matches “nobody”."),
    ],
)
def test_nobody_is_said_as_nobody(crowd, bob, query, said):
    assert bob.client.get(f"{PEOPLE}?{query}").context["said"] == said


def test_the_record_does_not_repeat_the_name_and_the_address_among_the_traits(crowd, bob, ada):
    ada.identifies(plan="team", at=days_ago(2))
    response = bob.client.get(f"{PEOPLE}{ada.person.public_id}/")
    assert response.context["traits"] == [("plan", "team")]
    assert {name for name, _ in response.context["more_traits"]} >= {"email", "name"}
    assert [words for _, words, _ in response.context["choices"]].count("Page viewed") == 1


def test_the_people_of_a_company(crowd, bob, ada):
    assert listed(bob, f"company={ada.person.company_id}") == ["Ada"]


@pytest.mark.parametrize(
    "strange",
    ["page=0", "page=x", "page=99999999999", "company=x", "sort=shoe", "known=1", "q=%00", "company=" + "9" * 30],
)
def test_a_strange_address_shows_the_list(crowd, bob, strange):
    body(bob.client.get(f"{PEOPLE}?{strange}"))


def test_pages_hold_fifty_with_the_count(workspace, bob):
    from fullfunnel.core import clock

    Person.objects.bulk_create(
        Person(workspace=workspace, public_id=f"p{n}", last_seen_at=clock.now()) for n in range(51)
    )
    first = bob.client.get(PEOPLE)
    second = bob.client.get(PEOPLE + first.context["listing"].after)
    assert (len(first.context["listing"].page.rows), len(second.context["listing"].page.rows)) == (50, 1)
    assert "Rows 1 to 50 of" in body(first)
    assert "Rows 51 to 51" in body(second)
    assert (first.context["listing"].before, second.context["listing"].after) == ("", "")
    back = bob.client.get(PEOPLE + second.context["listing"].before)
    assert back.context["listing"].page.rows == first.context["listing"].page.rows


def test_a_cursor_that_is_none_of_ours_shows_the_first_page_and_says_so(crowd, bob):
    assert "The address of this page is damaged" in body(bob.client.get(f"{PEOPLE}?cursor=x"))


def test_so_many_that_counting_takes_long_are_counted_when_asked(workspace, bob, monkeypatch):
    Person.objects.bulk_create(Person(workspace=workspace, public_id=f"p{n}") for n in range(51))
    monkeypatch.setattr("fullfunnel.people.views.lists.COUNTED", 50)
    page = body(bob.client.get(PEOPLE))
    assert ("50+ people." in page, "Rows 1 to 50" in page, '"?count=exact"' in page) == (True, True, True)
    assert "51 people." in body(bob.client.get(f"{PEOPLE}?count=exact"))


def test_while_typing_htmx_gets_the_table_and_the_sentence(crowd, bob):
    page = body(bob.client.get(f"{PEOPLE}?q=ada", headers={"HX-Request": "true", "HX-Target": "people"}))
    assert page.lstrip().startswith('<div id="people"')
    assert '<span id="said" hx-swap-oob="true">1 person matches “ada”.</span>' in page


def test_control_k_finds_people(crowd, bob, ada):
    page = body(bob.client.get(f"{PEOPLE}find/?q=brandt"))
    assert f'href="{PEOPLE}{ada.person.public_id}/"' in page


def test_a_record_says_who_it_is_and_what_happened(crowd, bob, ada):
    actions.change_consent(ada.person, purpose="email", given=True, source="phone call", by=bob.user)
    page = body(bob.client.get(f"{PEOPLE}{ada.person.public_id}/"))
    for said in ("Ada Brandt", "ada@nordklinik.example", "ada-browser", "nordklinik", "phone call", "Viewed /pricing"):
        assert said in page


def test_a_record_opens_in_the_drawer(crowd, bob, ada):
    headers = {"HX-Request": "true", "HX-Target": "drawer-body"}
    page = body(bob.client.get(f"{PEOPLE}{ada.person.public_id}/", headers=headers))
    assert "<html" not in page
    assert "drawer-head" in page


def test_the_timeline_shows_one_kind_of_event_on_request(crowd, bob, ada):
    ada.does("guide_downloaded", at=days_ago(5))
    response = bob.client.get(f"{PEOPLE}{ada.person.public_id}/timeline/?name=guide_downloaded")
    assert [each["line"].name for each in response.context["lines"]] == ["guide_downloaded"]


def test_a_long_timeline_comes_in_pages(website, bob, ada):
    from tests.kit.cast import drain, send

    ada.visits("/", at=days_ago(2))
    from fullfunnel.core import clock
    from fullfunnel.events.event import Arrival

    when = clock.to_us(days_ago(1))
    send(website, [Arrival(name="page_viewed", at=when + n, id=f"e{n}", anonymous="ada-browser") for n in range(60)])
    drain()
    address = f"{PEOPLE}{ada.person.public_id}/"
    first = bob.client.get(address)
    assert (len(first.context["lines"]), first.context["next"]) == (50, 2)
    later = bob.client.get(f"{address}earlier/?page=2")
    assert (len(later.context["lines"]), later.context["next"]) == (11, 0)


def test_two_people_are_merged_and_taken_apart_again(crowd, alice, ada, ben):
    one, other = ada.person, ben.person
    page = body(alice.client.get(f"{PEOPLE}{one.public_id}/merge/?q=okafor"))
    assert other.public_id in page
    alice.client.post(f"{PEOPLE}{one.public_id}/merge/", {"other": other.public_id})
    assert ben.person == one
    # The old address leads to who they are now.
    assert alice.client.get(f"{PEOPLE}{other.public_id}/").url == f"{PEOPLE}{one.public_id}/"
    merge = Merge.objects.get(loser=other)
    assert "Take back" in body(alice.client.get(f"{PEOPLE}{one.public_id}/"))
    alice.client.post(f"{PEOPLE}merges/{merge.pk}/")
    assert (ada.person, ben.person) == (one, other)


@pytest.mark.parametrize(("decision", "same"), [("merged", True), ("kept", False)])
def test_a_proposed_pair_is_merged_or_kept_apart(crowd, workspace, alice, ada, ben, decision, same):
    proposal = MergeProposal.objects.create(
        workspace=workspace, first=ada.person, second=ben.person, reason="both gave the same phone number"
    )
    assert "both gave the same phone number" in body(alice.client.get(f"{PEOPLE}proposals/"))
    assert "Keep apart" in body(alice.client.get(f"{PEOPLE}{ada.person.public_id}/"))
    alice.client.post(f"{PEOPLE}proposals/{proposal.pk}/", {"decision": decision})
    assert (ada.person == ben.person) is same
    assert "Nothing is left to decide" in body(alice.client.get(f"{PEOPLE}proposals/"))


def test_kinds_of_identifiers_are_said_in_words(crowd, website, alice, ada, ben):
    first, second = (Arrival(kind="event", name="called", at=clock.now_us(), id=each) for each in "ab")
    first.user, first.identifiers = ada.user, [("ga_client_id", "GA1.2"), ("member_card", "4711")]
    second.user, second.email = ben.user, "ada@nordklinik.example"
    send(website, [first, second])
    drain()
    reason = "one event named the user id of one and the e-mail address of the other"
    assert reason in body(alice.client.get(f"{PEOPLE}proposals/"))
    page = body(alice.client.get(f"{PEOPLE}{ada.person.public_id}/"))
    kinds = re.findall(r'fact-kind">([^<]+)</span>', page)
    addresses = ["e-mail address"] * 2
    assert sorted(kinds) == ["Google Analytics id", "browser", *addresses, "member card", "user id"]


def test_forgetting_names_what_it_destroys_and_wants_the_name(crowd, alice, ada):
    address = f"{PEOPLE}{ada.person.public_id}/forget/"
    page = body(alice.client.get(address))
    assert "ada@nordklinik.example" in page
    assert "identifiers" in page
    refused = alice.client.post(address, {"name": "Ada"})
    assert "Type Ada Brandt exactly" in body(refused)
    assert Person.objects.filter(name="Ada Brandt").exists()


def test_a_forgotten_person_is_gone_with_the_events(crowd, alice, ada):
    public_id = ada.person.public_id
    response = alice.client.post(f"{PEOPLE}{public_id}/forget/", {"name": "Ada Brandt"})
    assert response.url == PEOPLE
    assert not Person.objects.filter(public_id=public_id).exists()
    assert not Identity.objects.filter(value="ada-browser").exists()
    assert alice.client.get(f"{PEOPLE}{public_id}/").status_code == 404
    assert AuditEntry.objects.filter(action="forget_person", user=alice.user).count() == 1


@pytest.mark.parametrize("member", ["bob", "carol"])
def test_only_owners_and_admins_merge_and_forget(crowd, request, member, ada, ben):
    who = request.getfixturevalue(member)
    address = f"{PEOPLE}{ada.person.public_id}/"
    assert "Forget" not in body(who.client.get(address))
    assert who.client.post(f"{address}merge/", {"other": ben.person.public_id}).status_code == 403
    assert who.client.post(f"{address}forget/", {"name": "Ada Brandt"}).status_code == 403
    assert ada.person != ben.person
    assert str(ada.person) == "Ada Brandt"


def test_a_person_of_another_workspace_is_not_there(crowd, charlie, ada, ben):
    one = ada.person.public_id
    for address in (
        f"/w/elsewhere/people/{one}/",
        f"/w/elsewhere/people/{one}/timeline/",
        f"/w/elsewhere/people/{one}/forget/",
    ):
        assert charlie.client.get(address).status_code == 404
    assert charlie.client.post(f"/w/elsewhere/people/{one}/merge/", {"other": ben.person.public_id}).status_code == 404
    assert listed_elsewhere(charlie) == []
    assert ada.person != ben.person


def listed_elsewhere(member):
    response = member.client.get("/w/elsewhere/people/")
    assert "Connect a source" in body(response)
    return list(response.context["listing"].page.rows)
