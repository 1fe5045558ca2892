"""Coded properties that nobody uses go; whatever still names them is read on."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.events import on_tick
from fullfunnel.events.store import building, coding, index, open_store, publishing
from fullfunnel.events.tests.test_index import assert_same, plainly, read
from fullfunnel.events.tests.test_index_over_time import published, units_now, workspace

pytestmark = pytest.mark.django_db
__all__ = ["workspace"]
LATER = timedelta(days=31)


@pytest.fixture
def events(workspace):
    """Two batches, of which the second is published, with one property that was used."""
    found = published(workspace, 7, batches=2)
    index.forget_cached()
    return found


def columns() -> list[str]:
    return sorted(path.suffix for path in open_store().data.rglob("index/*/0.*/column-*.*") if "delta" not in str(path))


def test_what_nobody_used_for_a_month_is_removed_by_the_worker_and_coded_again_when_asked_for(workspace, events):
    held = open_store().index(workspace.pk, units=units_now(1))
    before = held.column("path")
    assert columns() == [".json", ".npy"]
    with clock.frozen(clock.now() + LATER):
        publishing._looked.clear()
        on_tick.publish()
        assert columns() == []
        assert held.column("path")[0].codes.tolist() == before[0].codes.tolist()
        for _ in range(2):
            index.forget_cached()
            assert_same(read(workspace, units_now(1)), plainly(events, units_now(1)))
        assert columns() == [".json", ".npy"]


def test_what_was_used_since_stays(workspace, events):
    with clock.frozen(clock.now() + LATER):
        read(workspace, units_now(1))
        publishing._looked.clear()
        on_tick.publish()
        assert columns() == [".json", ".npy"]


def test_of_too_many_those_unused_longest_go(workspace, events, monkeypatch):
    monkeypatch.setattr(coding, "MAX_COLUMNS", 1)
    with clock.frozen(clock.now() + timedelta(days=1)):
        open_store().index(workspace.pk, units=units_now(1)).column("path")
        open_store().index(workspace.pk, units=units_now(1)).column("name")
        [folder] = open_store().data.glob("index/*/0.1")
        assert len(columns()) in (2, 4)
        coding.remove_unused(folder)
        assert columns() == [".json", ".npy"]


def test_killed_between_its_two_files_a_column_is_none(workspace, events):
    [codes] = [path for path in open_store().data.rglob("index/*/0.*/column-*.npy") if "delta" not in str(path)]
    codes.unlink()
    assert_same(read(workspace, units_now(1)), plainly(events, units_now(1)))
    assert columns() == [".json", ".npy"]


def test_a_merge_leaves_out_what_was_removed_and_keeps_when_the_rest_was_used(workspace, events):
    about = next(path for path in open_store().data.rglob("index/*/0.1/column-*.json"))
    used = about.stat().st_mtime - 1_000
    coding.os.utime(about, (used, used))
    assert building.merge(open_store(), workspace.pk)
    merged = open_store().data / "index" / str(workspace.pk) / "0.2"
    assert [path.stat().st_mtime for path in merged.glob("column-*.json")] == [used]
    about.unlink()
    about.with_suffix(".npy").unlink()
    coding.shutil.rmtree(merged)
    assert building.merge(open_store(), workspace.pk)
    assert list(merged.glob("column-*")) == []
    index.forget_cached()
    assert_same(read(workspace, units_now(1)), plainly(events, units_now(1)))
