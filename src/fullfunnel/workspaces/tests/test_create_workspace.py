"""fullfunnel create-workspace, run as a program on a data directory of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(
    data: Path, *arguments: str, given: str = "", command: str = "create-workspace"
) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "fullfunnel", command, *arguments, "--data-dir", str(data)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FULLFUNNEL_", "DJANGO_"))}
    return subprocess.run(call, input=given, env=environment, capture_output=True, text=True, check=False)


def rows(data: Path, query: str) -> list[tuple[object, ...]]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(data / "main.db")) as connection:
        return connection.execute(query).fetchall()


def test_it_prints_slug_and_keys_and_a_password_only_when_it_made_one(tmp_path):
    given = run(
        tmp_path,
        "Halden Ltd",
        "--owner",
        "Alice@example.org",
        "--password-stdin",
        "--sells",
        "both",
        "--json",
        given="correct horse battery\n",
    )
    assert (given.returncode, given.stderr) == (0, "")
    made = json.loads(given.stdout)
    assert (made["workspace"], set(made)) == ("halden-ltd", {"workspace", "write_key", "api_key"})
    again = json.loads(run(tmp_path, "Other", "--owner", "dora@example.org", "--json").stdout)
    assert set(again) == {"workspace", "write_key", "api_key", "password"}
    assert rows(tmp_path, "SELECT email FROM workspaces_user ORDER BY id") == [
        ("alice@example.org",),
        ("dora@example.org",),
    ]
    assert rows(tmp_path, "SELECT sells FROM workspaces_workspace ORDER BY id") == [("both",), ("",)]
    assert rows(tmp_path, "SELECT scopes FROM workspaces_apikey LIMIT 1") == [
        ('["ask", "crm:read", "crm:write", "export", "history", "spend"]',)
    ]


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (["X", "--owner", "alice"], "", "'alice' is no e-mail address"),
        (["  ", "--owner", "a@example.org"], "", "needs a name"),
        (["X", "--owner", "a@example.org", "--password-stdin"], "short\n", "at least 10 characters"),
        (["X", "--owner", "a@example.org", "--password-stdin"], "", "no password came on standard input"),
        (["X", "--owner", "a@example.org", "--timezone", "Mars"], "", "no time zone"),
        (["X", "--owner", "a@example.org", "--sells", "magic"], "", "invalid choice"),
    ],
)
def test_wrong_input_ends_with_2_and_leaves_nothing(tmp_path, arguments, given, told):
    ended = run(tmp_path, *arguments, given=given)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    if (tmp_path / "main.db").exists():
        assert rows(tmp_path, "SELECT count(*) FROM workspaces_user") == [(0,)]
        assert rows(tmp_path, "SELECT count(*) FROM workspaces_workspace") == [(0,)]


def test_an_owner_of_two_workspaces_keeps_one_password_which_a_forgetful_one_can_have_changed(tmp_path):
    alice = ("--owner", "alice@example.org", "--password-stdin")
    assert run(tmp_path, "One", *alice, given="correct horse battery\n").returncode == 0
    assert run(tmp_path, "Two", *alice, given="correct horse battery\n").returncode == 0
    other = run(tmp_path, "Three", *alice, given="another horse battery\n")
    assert (other.returncode, other.stdout) == (2, "")
    assert "fullfunnel set-password" in other.stderr
    changed = run(
        tmp_path, "alice@example.org", "--password-stdin", given="another horse battery\n", command="set-password"
    )
    assert (changed.returncode, changed.stderr) == (0, "")
    assert run(tmp_path, "Three", *alice, given="another horse battery\n").returncode == 0
    assert rows(tmp_path, "SELECT count(*) FROM workspaces_user") == [(1,)]


def test_a_password_is_set_for_who_exists_and_only_to_a_good_one(tmp_path):
    assert run(tmp_path, "One", "--owner", "alice@example.org").returncode == 0
    before = rows(tmp_path, "SELECT password FROM workspaces_user")
    for email, given, told in (("bob@example.org", "", "no user"), ("alice@example.org", "short\n", "at least 10")):
        refused = run(tmp_path, email, *(["--password-stdin"] if given else []), given=given, command="set-password")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert told in refused.stderr
    assert rows(tmp_path, "SELECT password FROM workspaces_user") == before
