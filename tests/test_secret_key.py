"""The secret key of a data directory is made once, and is there after a power cut."""

import subprocess
import sys

import pytest

from fullfunnel.config import settings
from tests.kit.writes import recorded_writes


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.delenv("FULLFUNNEL_SECRET_KEY")
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    return tmp_path


def test_the_key_is_on_disk_before_it_is_used_and_stays(directory, monkeypatch):
    done = recorded_writes(monkeypatch)
    key = settings._secret_key()
    assert done == ["sync file", "replace secret_key", "sync directory"]
    assert (len(key), settings._secret_key()) == (67, key)
    assert (directory / "secret_key").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in directory.iterdir()) == ["secret_key", "secret_key.lock"]


def test_a_key_that_a_power_cut_emptied_is_made_anew(directory):
    (directory / "secret_key").write_text("")
    assert len(settings._secret_key()) == 67


def test_programs_that_start_at_once_use_one_key(tmp_path):
    code = "from fullfunnel.config import settings; print(settings.SECRET_KEY)"
    environment = {"FULLFUNNEL_DATA_DIR": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path))}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert len({process.communicate()[0] for process in started}) == 1
