"""An answer that is no longer kept is gone from the disk, not only from the table."""

from pathlib import Path

import pytest
from django.db import connections

from fullfunnel.analytics.models import Asking
from fullfunnel.analytics.on_tick import forget_answers
from fullfunnel.core.wal import truncate_wal
from fullfunnel.people.models import Erasure
from fullfunnel.workspaces.models import Workspace

CANARY = b"canary-4711 " * 1000


@pytest.fixture
def on_disk(transactional_db):
    """Whether the files of the main database hold the canary."""
    name = str(connections["default"].settings_dict["NAME"])

    def look():
        found = [Path(name + suffix) for suffix in ("", "-wal")]
        return [path.name for path in found if path.exists() and CANARY[:11] in path.read_bytes()]

    return look


def test_an_answer_that_speaks_of_somebody_erased_leaves_nothing_on_disk(on_disk, data_dir):
    halden = Workspace.objects.create(name="Halden", slug="halden")
    Asking.objects.create(workspace=halden, key="k", version="1", state="answered", answerer="x", answer=CANARY)
    # As the erasure does, which knows nothing of answers.
    truncate_wal()
    assert len(on_disk()) == 1
    Erasure.objects.create(workspace=halden, identities=[1])
    forget_answers()
    assert not Asking.objects.exists()
    assert on_disk() == []
