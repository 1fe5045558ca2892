import pytest

from fullfunnel.events import catalogue
from fullfunnel.events.models import Batch, Cursor, EventName, EventProperty
from fullfunnel.events.store import open_store
from fullfunnel.events.tests.stream import NOON, arrival, drain, put
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db
DAY = 86_400_000_000


@pytest.fixture
def workspace(data_dir, settings):
    settings.INTAKE = ["fullfunnel.events.tests.stream.name_them"]
    settings.ON_EVENT = [("catalogue", "fullfunnel.events.catalogue.on_events", "now")]
    return Workspace.objects.create(name="Halden", slug="halden")


@pytest.fixture
def seen(workspace, data_dir):
    put(
        data_dir,
        workspace,
        arrival(1, name="order_completed", at=NOON, properties={"plan": "pro", "seats": "3", "trial": "true"}),
        arrival(2, name="order_completed", at=NOON + DAY, properties={"plan": "free", "seats": "many", "path": "/buy"}),
        arrival(3, name="page_viewed", at=NOON + 2 * DAY, properties={"plan": "pro", "path": "/"}),
    )
    drain()
    return workspace


def table(workspace) -> tuple[list[object], list[object]]:
    names = EventName.objects.filter(workspace=workspace).order_by("name")
    properties = EventProperty.objects.filter(workspace=workspace).order_by("event__name", "name")
    return (
        list(names.values_list("name", "first_seen_at", "last_seen_at")),
        list(properties.values_list("event__name", "name", "kind")),
    )


def test_names_stand_by_recency_and_are_found_by_a_part(seen):
    assert catalogue.names_seen(seen.pk) == ["page_viewed", "order_completed"]
    assert catalogue.names_seen(seen.pk, containing="ORDER") == ["order_completed"]


def test_properties_have_a_kind_that_widens_to_text(seen, data_dir):
    assert catalogue.properties_of(seen.pk, ["order_completed"]) == [
        ("path", "text"),
        ("plan", "text"),
        ("seats", "number"),
        ("trial", "boolean"),
    ]
    put(data_dir, seen, arrival(4, name="order_completed", properties={"seats": "many", "trial": "false"}))
    drain()
    kinds = dict(catalogue.properties_of(seen.pk))
    assert (kinds["seats"], kinds["trial"]) == ("text", "boolean")


def test_a_batch_told_twice_changes_nothing(seen):
    before = table(seen)
    batch = Batch.objects.get()
    catalogue.on_events(open_store().read_batch(batch.pk), live=True)
    assert table(seen) == before
    assert len(before[0]) == 2


def test_the_most_frequent_values_come_first(seen):
    assert catalogue.values_of(seen.pk, "plan") == [("pro", 2), ("free", 1)]
    assert catalogue.values_of(seen.pk, "path", events=["page_viewed"]) == [("/", 1)]
    assert catalogue.values_of(seen.pk, "plan", containing="FR") == [("free", 1)]


def test_a_lost_catalogue_is_made_again_from_the_lake(seen):
    before = table(seen)
    EventName.objects.all().delete()
    catalogue.rebuild(seen.pk)
    assert table(seen) == before


def test_beyond_the_most_names_no_new_one_is_entered_and_no_event_is_lost(seen, data_dir, monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_NAMES", 2)
    put(data_dir, seen, arrival(5, name="brand_new"), arrival(6, name="page_viewed", at=NOON + 9 * DAY))
    drain()
    assert catalogue.names_seen(seen.pk) == ["page_viewed", "order_completed"]
    assert open_store().ask(lambda d: "SELECT count(*) AS n FROM events WHERE workspace_id = ?", [seen.pk]) == [
        {"n": 5}
    ]


def test_workspaces_do_not_see_each_other(seen):
    other = Workspace.objects.create(name="Other", slug="other")
    assert (
        catalogue.names_seen(other.pk),
        catalogue.properties_of(other.pk),
        catalogue.values_of(other.pk, "plan"),
    ) == (
        [],
        [],
        [],
    )


def test_what_never_came_is_known_only_where_all_that_came_is_known(seen, monkeypatch):
    def missing():
        return (
            catalogue.names_that_never_came(seen.pk, ["page_viewed", "page_vewed", "page_vewed", "x" * 201]),
            catalogue.properties_that_never_came(seen.pk, ["plan", "pln", "x" * 201]),
        )

    assert missing() == (["page_vewed"], ["pln"])
    # One of the names has four properties: there is no room for a fifth.
    monkeypatch.setattr(catalogue, "MOST_PROPERTIES", 4)
    assert missing() == (["page_vewed"], [])
    monkeypatch.setattr(catalogue, "MOST_NAMES", 2)
    assert missing() == ([], [])
    monkeypatch.undo()
    Cursor.objects.update(batch=0)
    assert missing() == ([], [])


def test_of_a_workspace_without_events_nothing_is_said_to_be_missing(seen):
    other = Workspace.objects.create(name="Other", slug="other")
    assert catalogue.names_that_never_came(other.pk, ["page_vewed"]) == []
    assert catalogue.properties_that_never_came(other.pk, ["pln"]) == []
