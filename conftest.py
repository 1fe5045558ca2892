"""Tests run on a data directory of their own, chosen here before the settings are read, and with the cast."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.kit.leaks import end_pools, grown, open_things
from tests.kit.own_directory import own_directory
from tests.kit.tables import made_directory

# Each process of xdist imports this file, so each has a directory of its own.
SESSION_DIR = own_directory()

# A loaded machine, or the first draw of a fresh checkout, is slow; no test is about how fast examples are made.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")

pytest_plugins = ["tests.kit.cast"]


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(SESSION_DIR, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """Fails the run when descriptors or threads were left open. The first fixture of a session, so the last to end."""
    began = open_things()
    yield
    # ClickHouse inside this process keeps its threads and what they read until the process ends.
    if "chdb" not in sys.modules:
        end_pools()
        assert grown(began, open_things()) == []


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The database of this process begins with all tables."""
    from django.conf import settings

    shutil.copyfile(made_directory() / "main.db", settings.DATABASES["default"]["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """It is no older database: it lies in this process's own directory, which goes at the end."""
    return True


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_once() -> Iterator[None]:
    """Every test client has middleware of its own, and WhiteNoise's would look at all static files: most of a request."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    found: dict[str, Any] = {}
    look = WhiteNoiseMiddleware.add_files_from_finders

    def look_once(self: Any) -> None:
        if not found:
            look(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """A database that is rolled back gives the same ids and versions to other people: nothing of a test may outlive it."""
    from fullfunnel.analytics.answering import answer_cache
    from fullfunnel.core import clock
    from fullfunnel.people.units import forget_kept

    forget_kept()
    answer_cache.clear()
    yield
    assert clock._frozen.get() is None, (
        "the clock still stands: blocks of clock.frozen must end in the order they began in"
    )


@pytest.fixture(autouse=True)
def _time_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh checkout compiles its folds within the first question: on a loaded machine that takes longer than people wait."""
    from fullfunnel.journeys import ask, deadline

    monkeypatch.setattr(deadline, "MAX_SECONDS", 600.0)
    monkeypatch.setattr(ask, "MAX_SECONDS", 600.0)


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An empty data directory (journal, lake, indexes) for this test alone; the main database is pytest-django's."""
    path = tmp_path / "data"
    path.mkdir()
    settings.DATA_DIR = path
    before = os.environ["FULLFUNNEL_DATA_DIR"]
    os.environ["FULLFUNNEL_DATA_DIR"] = str(path)
    yield path
    os.environ["FULLFUNNEL_DATA_DIR"] = before
    from fullfunnel.events.drain import close_drain

    close_drain(path)


@pytest.fixture
def shared() -> Any:
    """`shared("cases/funnels.jsonl")`: a file of the folder beside the checkout; skips where the folder is absent."""
    from tests.kit.shared import shared as find

    return find


def pytest_runtest_setup(item: pytest.Item) -> None:
    from tests.kit import needs

    if item.get_closest_marker("browser"):
        needs.chromium()
    if item.get_closest_marker("root"):
        needs.root()
