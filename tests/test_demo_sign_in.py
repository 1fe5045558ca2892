"""`fullfunnel demo` prints the sign-in when it exists, and not only when 400 days have arrived."""

import argparse
from types import SimpleNamespace

import pytest

from fullfunnel.cli import demo


@pytest.fixture
def printed_before_filling(db, data_dir, monkeypatch, capsys):
    """What was printed when the first event was about to be sent, by the arguments of the call. No server is started."""

    def run(*, as_json):
        said = []
        nobody = SimpleNamespace(terminate=lambda: None, wait=lambda: 0)
        monkeypatch.setattr(demo, "start_server", lambda port: nobody)
        monkeypatch.setattr(demo, "wait_for", lambda server, port: True)
        monkeypatch.setattr(demo.signal, "signal", lambda *_: None)
        monkeypatch.setattr(demo, "fill", lambda made, args: said.append(capsys.readouterr().out) or 7)
        args = argparse.Namespace(port=8000, seed=1, no_serve=True, no_live=True, json=as_json)
        assert demo.run(args) == 0
        return said[0], capsys.readouterr().out

    return run


def test_the_sign_in_is_there_before_the_first_event(printed_before_filling):
    before, after = printed_before_filling(as_json=False)
    assert "Sign in as     alice@halden.example" in before
    assert "Password" in before
    assert "Password" not in after


def test_the_sign_in_as_json_comes_once_all_has_arrived(printed_before_filling):
    before, after = printed_before_filling(as_json=True)
    assert before == ""
    assert '"delivered": 7' in after
