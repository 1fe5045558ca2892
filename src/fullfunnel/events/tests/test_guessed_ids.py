"""An id that a public key chose says nothing about what a server sends."""

import pytest

from fullfunnel.events.tests.stream import arrival, drain, put, stored
from fullfunnel.workspaces.models import Source

pytestmark = pytest.mark.django_db
HERE = "fullfunnel.events.tests.stream."


@pytest.fixture(autouse=True)
def a_small_intake(settings):
    settings.INTAKE, settings.ON_EVENT = [HERE + "name_them"], []


def test_a_stranger_who_guesses_an_id_takes_nothing_from_the_server_and_repeats_are_counted_per_source(
    workspace, data_dir
):
    site = Source.objects.create(workspace=workspace, name="Site", kind="web")
    shop = Source.objects.create(workspace=workspace, name="Shop", kind="server")
    put(data_dir, workspace, arrival(1), arrival(2), arrival(1), source_id=site.pk, source_kind="web")
    drain()
    put(data_dir, workspace, arrival(1, name="paid"), arrival(2, name="paid"), source_id=shop.pk)
    drain()
    put(data_dir, workspace, arrival(1), arrival(3), source_id=site.pk, source_kind="web")
    put(data_dir, workspace, arrival(2, name="paid"), source_id=shop.pk)
    drain()
    assert stored(workspace) == ["id-1", "id-2", "id-1", "id-2", "id-3"]
    assert stored(workspace, "name") == ["page_viewed", "page_viewed", "paid", "paid", "page_viewed"]
    assert list(Source.objects.order_by("pk").values_list("name", "repeats")) == [("Site", 2), ("Shop", 1)]
