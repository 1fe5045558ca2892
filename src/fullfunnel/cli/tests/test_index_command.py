"""fullfunnel index: ahead of the first question, anew, and for one workspace only."""

import argparse

import pytest

from fullfunnel.cli import index
from fullfunnel.events.models import Extent
from fullfunnel.events.store import open_store
from fullfunnel.events.tests.stream import arrival, drain, put
from fullfunnel.workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def asked(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**({"workspace": None, "rebuild": False} | given))


@pytest.fixture
def workspace(data_dir, settings):
    settings.INTAKE, settings.ON_EVENT = ["fullfunnel.events.tests.stream.name_them"], []
    open_store().prepare()
    workspace = Workspace.objects.create(name="Halden", slug="halden")
    Workspace.objects.create(name="Empty", slug="empty")
    put(data_dir, workspace, arrival(1), arrival(2, who="ben"))
    drain()
    return workspace


def test_it_is_made_once_and_again_on_demand(workspace, data_dir, capsys):
    last = Extent.objects.get().last_batch
    assert index.run(asked()) == 0
    assert capsys.readouterr().err.startswith("halden: the index is there (")
    made = data_dir / "index" / str(workspace.pk) / f"0.{last}" / "time.npy"
    first = made.stat().st_ino
    assert (index.run(asked(workspace="halden")), made.stat().st_ino) == (0, first)
    assert capsys.readouterr().err == ""
    made.write_bytes(b"spoilt")
    assert index.run(asked(rebuild=True)) == 0
    assert made.stat().st_size == 128 + 2 * 8


def test_a_workspace_that_is_none_is_refused(workspace, data_dir, capsys):
    assert index.run(asked(workspace="nobody")) == 2
    assert capsys.readouterr().err == "fullfunnel: there is no workspace 'nobody'\n"
    assert list(data_dir.glob("index/*")) == []
