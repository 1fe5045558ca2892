"""Units, traits, timelines and searches; erasure, which empties them all."""

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.events.models import Batch, Outbox, Refusal
from fullfunnel.events.store import leases, open_store, upkeep
from fullfunnel.people import actions, units
from fullfunnel.people.actions.erasing import finish_erasures
from fullfunnel.people.models import Consent, Erasure, Identity, Merge, Person, Tombstone
from fullfunnel.people.on_event import on_events
from fullfunnel.people.search import search_people
from fullfunnel.people.sentences import sentence_of
from fullfunnel.people.tests.world import Stream, person
from fullfunnel.people.timeline import timeline_of
from fullfunnel.people.units import company_traits_of, traits_of, units_of
from tests.kit.cast import days_ago, drain


@pytest.fixture
def stream(workspace):
    return Stream(workspace)


def as_stored(workspace):
    return dict(Identity.objects.filter(workspace=workspace).order_by("id").values_list("id", "person_id"))


def test_units_follow_new_visitors_merges_and_unmerges(stream, workspace):
    assert len(units_of(workspace.pk).identities) == 0
    versions = set()
    for step in range(6):
        if step == 3:
            actions.merge_people(person(workspace, "user_id", "u0"), loser=person(workspace, "user_id", "u1"), by=None)
        elif step == 5:
            actions.unmerge_people(Merge.objects.get(), by=None)
        else:
            stream.send(stream.arrival(user=f"u{step}"), stream.arrival(anonymous=f"a{step}"))
        units = units_of(workspace.pk)
        assert dict(zip(units.identities.tolist(), units.units.tolist(), strict=True)) == as_stored(workspace)
        assert units.identities.tolist() == sorted(units.identities.tolist())
        versions.add(units.version)
        assert units_of(workspace.pk) is units
    assert len(versions) == 6


def test_traits_are_read_for_the_living_and_follow_changes(stream, workspace):
    stream.identify(kind="server", user="u1", traits={"plan": "pro", 'odd "name': "x", "first_name": "Ada"})
    stream.identify(kind="server", user="u2", traits={"plan": "free"})
    stream.page(anonymous="a1")
    one, two = person(workspace, "user_id", "u1"), person(workspace, "user_id", "u2")
    assert (traits_of(workspace.pk, "plan")[0].tolist(), traits_of(workspace.pk, "plan")[1]) == (
        [one.pk, two.pk],
        ["pro", "free"],
    )
    assert traits_of(workspace.pk, 'odd "name')[1] == ["x"]
    assert traits_of(workspace.pk, "name")[1] == ["Ada"]
    stream.identify(kind="server", user="u2", traits={"plan": "gold"})
    assert traits_of(workspace.pk, "plan")[1] == ["pro", "gold"]
    actions.merge_people(one, loser=two, by=None)
    assert traits_of(workspace.pk, "plan")[1] == ["pro"]
    stream.group(kind="server", user="u1", company="acme", traits={"industry": "tea"})
    assert company_traits_of(workspace.pk, "industry")[1] == ["tea"]


def test_a_timeline_is_newest_first_over_all_identities_and_in_sentences(ada):
    ada.visits("/pricing?utm_source=google&utm_medium=cpc", at=days_ago(3))
    ada.submits("demo", at=days_ago(2))
    ada.identifies("ada", at=days_ago(1), plan="pro")
    found = timeline_of(ada.person)
    assert [line.sentence for line in found.lines][:3] == [
        "plan became known: pro",
        "Said who they are",
        "Form submitted: demo",
    ]
    assert found.lines[-1].name == "page_viewed"
    assert found.lines[-1].sentence.startswith("Viewed /pricing")
    assert (found.total, found.pages) == (4, 1)
    second = timeline_of(ada.person, page=2, size=3)
    assert ([line.name for line in second.lines], second.page, second.pages) == (["page_viewed"], 2, 2)


def test_first_and_last_seen_are_what_the_person_did(ada):
    ada.visits("/", at=days_ago(3))
    ada.visits("/pricing", at=days_ago(5))
    ada.identifies("ada", at=days_ago(1), plan="pro")
    actions.change_trait(ada.person, trait="plan", value="gold", by=None)
    drain()
    seen = ada.person
    assert [round((days_ago(0) - at).total_seconds() / 8640) for at in (seen.first_seen_at, seen.last_seen_at)] == [
        50,
        10,
    ]


@pytest.mark.parametrize(
    ("name", "columns", "properties", "sentence"),
    [
        ("page_viewed", {"path": "/pricing", "source": "google", "medium": "cpc"}, {}, "Viewed /pricing · Google Ads"),
        ("page_viewed", {"path": "/", "source": "linkedin"}, {}, "Viewed / · LinkedIn"),
        ("page_viewed", {"path": "/", "source": "(direct)"}, {}, "Viewed /"),
        ("order_completed", {"revenue": "1234.5", "currency": "EUR"}, {}, "Order completed · €1,234.50"),
        ("form_submitted", {}, {"form": "demo"}, "Form submitted: demo"),
        ("trait_changed", {}, {"trait": "plan", "old": "a", "new": "b"}, "plan changed from a to b"),
        ("trait_changed", {}, {"trait": "plan", "old": "a"}, "plan was taken away (it was a)"),
        ("consent_changed", {}, {"purpose": "email", "given": "false", "source": "letter"}, "Refused email (letter)"),
        ("Clicked THE Button", {}, {}, "Clicked THE Button"),
    ],
)
def test_an_event_is_a_sentence(name, columns, properties, sentence):
    assert sentence_of(name, columns, properties) == sentence


def test_a_search_looks_in_names_addresses_and_identifiers_and_knows_filters(stream, workspace):
    stream.identify(
        kind="server",
        user="u-1",
        email="ada@example.com",
        traits={"email": "ada@example.com", "name": "Ada Lovelace", "plan": "pro"},
    )
    stream.group(kind="server", user="u-1", company="acme", traits={"name": "Acme Ltd"})
    stream.identify(kind="server", user="u-2", traits={"name": "Ben"})
    stream.page(anonymous="cookie-3")

    def names(words):
        return sorted(str(p.name or "visitor") for p in search_people(workspace, words))

    assert names("lovelace") == ["Ada Lovelace"]
    assert names("LOVE example.com") == ["Ada Lovelace"]
    assert names('"ada love"') == ["Ada Lovelace"]
    assert names("u-2") == ["Ben"]
    assert names("cookie-3") == ["visitor"]
    assert names("is:known") == ["Ada Lovelace", "Ben"]
    assert names("is:visitor") == ["visitor"]
    assert names("company:acme") == names('company:"acme ltd"') == ["Ada Lovelace"]
    assert names("plan=pro") == ["Ada Lovelace"]
    assert names("plan=pro ben") == []
    assert names("email:ADA@example.com") == ["Ada Lovelace"]
    assert names("nothing:here") == []
    assert names("%") == names("_") == []
    assert len(search_people(workspace, "")) == 3


def test_erasure_leaves_nothing_and_late_events_bring_nobody_back(ada, ben, workspace):
    ada.visits("/secret", at=days_ago(3))
    ada.identifies("ada-canary", email="ada.canary@example.com", name="Canary")
    ben.visits("/other")
    actions.change_consent(ada.person, purpose="email", given=True, source="test", by=None)
    Refusal.objects.create(
        workspace=workspace,
        source_id=1,
        received_at=days_ago(1),
        reason="x",
        item='{"userId": "ada-canary"}',
        journal_key="k1",
    )
    Refusal.objects.create(
        workspace=workspace,
        source_id=1,
        received_at=days_ago(1),
        reason="x",
        item='{"userId": "ben"}',
        journal_key="k2",
    )
    ids = set(Identity.objects.filter(person=ada.person).values_list("id", flat=True))
    assert actions.forget_person(ada.person, by=None).events >= 3
    drain()
    ada.visits("/late")
    ada.identifies("ada-canary", email="ada.canary@example.com", name="Canary")
    rows = open_store().ask(lambda d: "SELECT identity_id, name FROM events WHERE workspace_id = ?", [workspace.pk])
    assert {row["name"] for row in rows} == {"page_viewed"}
    assert not ids & {row["identity_id"] for row in rows}
    assert Person.objects.count() == 1
    assert (Consent.objects.count(), Tombstone.objects.count()) == (0, 3)
    assert all(row.events >= 3 and row.done_at for row in Erasure.objects.all())
    left = [*Refusal.objects.values_list("item", "reason"), *Outbox.objects.values_list("arrival", flat=True)]
    assert "canary" not in str(left).lower()
    assert Refusal.objects.filter(journal_key="k2").exists()


def test_while_somebody_reads_the_person_is_forgotten_and_the_worker_removes_the_files(
    ada, workspace, data_dir, monkeypatch
):
    ada.visits("/canary-4711")
    store = open_store()
    read_plainly(store, workspace)
    monkeypatch.setattr(upkeep, "MAX_READER_SECONDS", 0.1)
    with leases.reading(store.data / "leases"):
        assert actions.forget_person(ada.person, by=None).events == 0
        read_plainly(store, workspace)
        assert (Person.objects.count(), Erasure.objects.get().done_at) == (0, None)
        assert holding(data_dir, "canary-4711") != []
    finish_erasures()
    assert Erasure.objects.get().done_at is not None
    assert holding(data_dir, "canary-4711") == []


def read_plainly(store, workspace):
    """As a question by path: it makes an index of the events, and of the property."""
    list(store.journeys(workspace.pk, ["path"], units=units_of(workspace.pk)))


def holding(data_dir, word):
    files = [*data_dir.glob("events/**/*"), *data_dir.glob("index/**/*")]
    return [path for path in files if path.is_file() and word.encode() in path.read_bytes()]


def test_erasure_takes_everybody_who_was_merged_along(stream, workspace):
    for user in ("u1", "u2", "u3"):
        stream.identify(user=user, traits={"name": user})
    one, two, three = (person(workspace, "user_id", f"u{n}") for n in (1, 2, 3))
    actions.merge_people(two, loser=three, by=None)
    actions.merge_people(one, loser=two, by=None)
    actions.forget_person(three, by=None)
    assert (Person.objects.count(), Merge.objects.count(), Tombstone.objects.count()) == (0, 0, 3)
    assert isinstance(actions.forget_person(one, by=None), Refused)


def test_a_reaction_told_twice_of_a_batch_changes_nothing(ada, workspace):
    ada.visits("/", at=days_ago(3))
    batch = Batch.objects.latest("id")
    before = list(Person.objects.values())
    on_events(open_store().read_batch(batch.pk), live=True)
    assert list(Person.objects.values()) == before


def test_units_are_read_again_only_where_somebody_moved(stream, workspace, monkeypatch):
    for user in ("u0", "u1", "u2"):
        stream.send(stream.arrival(user=user))
    units_of(workspace.pk)
    read = []
    pairs = units._pairs
    monkeypatch.setattr(units, "_pairs", lambda *given: read.append(pairs(*given)) or read[-1])
    actions.merge_people(person(workspace, "user_id", "u0"), loser=person(workspace, "user_id", "u1"), by=None)
    stream.send(stream.arrival(user="u3"))
    found = units_of(workspace.pk)
    assert dict(zip(found.identities.tolist(), found.units.tolist(), strict=True)) == as_stored(workspace)
    assert sum(len(ids) for ids, _ in read) < 4
    actions.forget_person(person(workspace, "user_id", "u2"), by=None)
    found = units_of(workspace.pk)
    assert dict(zip(found.identities.tolist(), found.units.tolist(), strict=True)) == as_stored(workspace)
