import pytest

from fullfunnel.events.models import Outbox
from fullfunnel.people import actions, ledger
from fullfunnel.people.identifiers import digest
from fullfunnel.people.intake import ERASED, NOBODY, resolve
from fullfunnel.people.models import Company, Identity, Merge, MergeProposal, PeopleVersion, Person, Tombstone
from fullfunnel.people.tests.world import DAY, T0, Stream, people_of, person
from fullfunnel.workspaces.models import Workspace
from tests.kit.outbox import recorded


@pytest.fixture
def stream(workspace):
    return Stream(workspace)


def test_an_anonymous_visitor_who_identifies_stays_one_person_and_both_identities_are_kept(stream, workspace):
    first = stream.page(anonymous="a1")
    second = stream.identify(anonymous="a1", user="u1", traits={"name": "Ada"})
    assert people_of(workspace) == {frozenset({"anonymous_id:a1", "user_id:u1"})}
    assert Identity.objects.get(value="a1").pk == first.identity_id
    assert Identity.objects.get(value="u1").pk == second.identity_id
    ada = person(workspace, "user_id", "u1")
    assert (ada.name, ada.is_identified, ada.search_text) == ("Ada", True, "ada")


def test_the_event_carries_the_identifier_of_highest_priority(stream):
    stream.identify(user="u1", anonymous="a1", email="Ada@Example.com")
    ids = {i.value: i.pk for i in Identity.objects.all()}
    assert stream.page(anonymous="a1", user="u1").identity_id == ids["u1"]
    assert stream.page(anonymous="a1", email="ada@example.com ").identity_id == ids["ada@example.com"]
    assert stream.page(anonymous="a1").identity_id == ids["a1"]


@pytest.mark.parametrize(
    "value", ["", "   ", "0", "000-0", "-1", "null", "NULL", "anonymous", "undefined", "guest", "[object Object]"]
)
def test_a_placeholder_names_nobody(stream, workspace, value):
    draft = stream.page(user=value)
    assert draft.dropped == NOBODY
    assert Person.objects.count() == 0


def test_a_placeholder_beside_a_name_is_left_out(stream, workspace):
    stream.identify(user="null", anonymous="a1")
    assert people_of(workspace) == {frozenset({"anonymous_id:a1"})}


def test_a_second_user_id_with_the_same_address_is_somebody_else_and_the_address_stays(stream, workspace):
    stream.identify(kind="server", user="abc123", email="jane@example.com")
    stream.identify(kind="server", user="abc456", email="jane@example.com")
    assert people_of(workspace) == {
        frozenset({"user_id:abc123", "email:jane@example.com"}),
        frozenset({"user_id:abc456"}),
    }


def test_what_is_lower_than_the_identifier_at_fault_is_kept_where_it_fits(stream, workspace):
    stream.identify(kind="server", user="u1", email="jane@example.com")
    stream.identify(kind="server", user="u2", email="jane@example.com", anonymous="a2")
    assert people_of(workspace) == {
        frozenset({"user_id:u1", "email:jane@example.com"}),
        frozenset({"user_id:u2", "anonymous_id:a2"}),
    }


def test_a_person_has_at_most_five_devices_in_a_month_and_the_sixth_stands_alone(stream, workspace):
    for n in range(6):
        stream.page(kind="server", user="u1", anonymous=f"a{n}", at=T0)
    stream.page(kind="server", anonymous="a5", at=T0)
    assert people_of(workspace) == {
        frozenset({"user_id:u1", *(f"anonymous_id:a{n}" for n in range(5))}),
        frozenset({"anonymous_id:a5"}),
    }
    stream.page(kind="server", user="u1", anonymous="later", at=T0 + 31 * DAY)
    assert person(workspace, "anonymous_id", "later") == person(workspace, "user_id", "u1")


def test_the_second_device_of_a_known_person_brings_its_history_along(stream, workspace):
    stream.identify(anonymous="a1", user="u1", traits={"plan": "pro"})
    stream.identify(anonymous="a2", traits={"plan": "free", "theme": "dark"})
    stream.identify(anonymous="a2", user="u1")
    assert people_of(workspace) == {frozenset({"anonymous_id:a1", "anonymous_id:a2", "user_id:u1"})}
    assert person(workspace, "user_id", "u1").traits == {"plan": "pro", "theme": "dark"}
    assert Merge.objects.get().cause == "event"


def test_traits_are_texts_and_their_changes_are_events(stream, workspace):
    stream.page(anonymous="a1")
    stream.identify(anonymous="a1", traits={"seats": 3, "vip": True, "address": {"city": "Bonn"}, "none": None})
    stream.identify(anonymous="a1", traits={"seats": 4.5, "vip": None})
    assert person(workspace, "anonymous_id", "a1").traits == {"seats": "4.5", "address.city": "Bonn"}
    assert [a.properties for a in recorded(workspace, "trait_changed")] == [
        {"trait": "seats", "new": "3"},
        {"trait": "vip", "new": "true"},
        {"trait": "address.city", "new": "Bonn"},
        {"trait": "vip", "old": "true"},
        {"trait": "seats", "old": "3", "new": "4.5"},
    ]
    assert {(a.actor, a.anonymous) for a in recorded(workspace)} == {("system", "a1")}


def test_an_older_word_that_arrives_late_changes_nothing(stream, workspace):
    stream.identify(user="u1", traits={"plan": "pro"}, at=T0 + DAY)
    stream.identify(user="u1", traits={"plan": "free", "city": "Bonn"}, at=T0)
    assert person(workspace, "user_id", "u1").traits == {"plan": "pro", "city": "Bonn"}


def test_a_batch_resolved_again_after_a_crash_gives_the_same_and_records_nothing_twice(stream, workspace):
    arrivals = [
        stream.arrival(anonymous="a1"),
        stream.arrival("person_identified", anonymous="a1", user="u1", traits={"plan": "free"}),
        stream.arrival("person_identified", user="u1", traits={"plan": "pro"}),
        stream.arrival(user="null"),
        stream.arrival("company_identified", user="u1", company="acme", traits={"name": "Acme"}),
        stream.arrival(anonymous="a9", company="acme"),
        stream.arrival("identities_aliased", anonymous="a9", previous="a8"),
    ]
    drafts = stream.drafts(arrivals)
    once = [(d.identity_id, d.company_id, d.dropped) for d in resolve(drafts)]
    tables = (Person, Identity, Company, Merge, MergeProposal, Outbox, PeopleVersion)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    stream.batch -= 1
    again = [(d.identity_id, d.company_id, d.dropped) for d in resolve(stream.drafts(arrivals))]
    assert again == once
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before
    assert len(recorded(workspace, "trait_changed")) == 2


@pytest.mark.parametrize("change", ["trait", "merge", "erase"])
def test_what_somebody_changes_while_a_batch_is_decided_is_not_lost(stream, workspace, monkeypatch, change):
    stream.identify(user="u1", traits={"plan": "free"}, kind="server")
    stream.identify(user="u2", traits={"city": "Kiel"}, kind="server")
    load, one, two = ledger.load, person(workspace, "user_id", "u1"), person(workspace, "user_id", "u2")

    def load_and_be_overtaken(*given):
        found = load(*given)
        monkeypatch.undo()
        if change == "trait":
            actions.change_trait(one, trait="name", value="Ada", by=None)
        elif change == "merge":
            actions.merge_people(two, loser=one, by=None)
        else:
            actions.forget_person(one, by=None)
        return found

    monkeypatch.setattr(ledger, "load", load_and_be_overtaken)
    draft = stream.identify(user="u1", traits={"plan": "pro"}, kind="server")
    two.refresh_from_db()
    if change == "trait":
        assert person(workspace, "user_id", "u1").traits == {"plan": "pro", "name": "Ada"}
    elif change == "merge":
        assert (person(workspace, "user_id", "u1"), two.traits) == (two, {"plan": "pro", "city": "Kiel"})
    else:
        assert (draft.dropped, people_of(workspace)) == (ERASED, {frozenset({"user_id:u2"})})


def test_the_group_an_event_names_is_its_company_and_a_group_call_makes_it_the_persons(stream, workspace):
    assert stream.page(anonymous="a1").company_id is None
    named = stream.group(
        anonymous="a1", company="acme", traits={"name": "Acme", "website": "https://www.acme.example/x"}
    )
    acme = Company.objects.get()
    assert (acme.key, acme.name, acme.domain) == ("acme", "Acme", "acme.example")
    assert named.company_id == acme.pk
    assert person(workspace, "anonymous_id", "a1").company == acme
    assert stream.page(anonymous="a1").company_id is None


def test_a_company_is_overwritten_by_a_server_or_a_user_and_by_no_stranger(stream):
    stream.group(kind="server", user="u1", company="acme", traits={"plan": "gold"})
    stream.group(anonymous="stranger", company="acme", traits={"plan": "none", "city": "Bonn"})
    assert Company.objects.get().traits == {"plan": "gold", "city": "Bonn"}


def test_an_event_about_somebody_erased_is_dropped_with_the_reason(stream, workspace):
    for key in [("user_id", "u1"), ("anonymous_id", "a1")]:
        Tombstone.objects.create(workspace=workspace, digest=digest(workspace.pk, key))
    assert stream.identify(user="u1", anonymous="fresh", traits={"name": "Ada"}).dropped == ERASED
    assert stream.page(anonymous="a1").dropped == ERASED
    assert Person.objects.count() == 0
    assert stream.page(anonymous="a1", user="u2").dropped is None
    assert people_of(workspace) == {frozenset({"user_id:u2"})}


def test_people_of_two_workspaces_never_meet(stream, workspace):
    other = Stream(Workspace.objects.create(name="Elsewhere", slug="elsewhere"))
    other.batch = 500
    stream.identify(user="u1", traits={"name": "Ada"})
    other.identify(user="u1", traits={"name": "Eve"})
    assert person(workspace, "user_id", "u1").name == "Ada"
    assert person(other.workspace, "user_id", "u1").name == "Eve"


def test_the_way_a_stream_is_cut_into_batches_does_not_matter(stream, workspace):
    arrivals = [
        stream.arrival(anonymous="a1"),
        stream.arrival("person_identified", anonymous="a1", user="u1", email="a@x.example", traits={"n": 1}),
        stream.arrival(anonymous="a2"),
        stream.arrival("person_identified", anonymous="a2", user="u1", traits={"n": 2}),
        stream.arrival("person_identified", anonymous="a2", user="u2", email="a@x.example", traits={"n": 3}),
        stream.arrival("identities_aliased", user="u2", previous="a7"),
    ]
    stream.send(*arrivals)
    other = Stream(Workspace.objects.create(name="Elsewhere", slug="elsewhere"))
    other.batch = 500
    for arrival in arrivals:
        other.send(arrival)
    assert people_of(workspace) == people_of(other.workspace)
    assert _changes(workspace) == _changes(other.workspace)
    assert (
        MergeProposal.objects.filter(workspace=workspace).count()
        == MergeProposal.objects.filter(workspace=other.workspace).count()
        == 1
    )


def _changes(workspace):
    """What was recorded of traits, and how many merges: those name people, who differ."""
    found = recorded(workspace)
    merges = [a for a in found if a.name == "people_merged"]
    return [a.properties for a in found if a not in merges], len(merges)


def test_a_batch_that_is_taken_in_halves_teaches_in_both(stream, workspace):
    stream.page(user="u1")
    arrivals = [stream.arrival("person_identified", user="u1", traits={"n": n}) for n in range(4)]
    drafts = stream.drafts(arrivals)
    resolve(drafts[:2])
    resolve(drafts[2:])
    resolve(drafts)
    assert person(workspace, "user_id", "u1").traits == {"n": "3"}
    assert [a.properties["new"] for a in recorded(workspace)] == ["0", "1", "2", "3"]
