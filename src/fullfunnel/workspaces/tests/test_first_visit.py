"""The first visit: a code that serve prints lets one browser make the workspace, once."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions import open_installation
from fullfunnel.workspaces.actions.opening import FirstWorkspace
from fullfunnel.workspaces.entry.first_visit import FILE, code_hash, make_code
from fullfunnel.workspaces.models import Brand, Membership, User, Workspace

HERE = "/first-visit/"
SAID = {
    "name": "Halden", "sells": "companies", "country": "DE", "language": "de", "currency": "EUR",
    "timezone": "Europe/Berlin", "owner": "Alice Brenner", "email": "alice@halden.example",
    "password": "wandering albatross",
}  # fmt: skip


@pytest.fixture
def code(db, data_dir):
    return make_code(data_dir)


@pytest.fixture
def browser(code):
    client = Client()
    assert client.post(HERE, {"code": code.lower().replace("-", " ")})["Location"] == HERE
    return client


def test_only_the_hash_of_the_code_is_kept_for_its_owner(code, data_dir):
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    assert code.replace("-", "") not in code_hash(data_dir)
    assert (data_dir / FILE).stat().st_mode & 0o777 == 0o600


def test_an_empty_installation_leads_from_its_first_page_to_the_code(code):
    answer = Client().get("/", follow=True)
    assert answer.redirect_chain[-1][0] == HERE
    assert "One-time code" in answer.content.decode()


def test_the_code_lets_a_browser_make_the_workspace_and_is_dead_then(browser, code, data_dir):
    assert "One-time code accepted" in browser.get(HERE, headers={"accept-language": "de-AT,de;q=0.9"}).content.decode()
    made = browser.post(HERE, SAID)
    assert (made.status_code, made["Location"]) == (302, "/w/halden/")
    workspace = Workspace.objects.get()
    kept = (workspace.name, workspace.sells, workspace.country, workspace.currency, workspace.timezone)
    assert kept == ("Halden", "companies", "DE", "EUR", "Europe/Berlin")
    assert Brand.objects.get(workspace=workspace).language == "de"
    owner = Membership.objects.get()
    assert (owner.role, owner.user.name, owner.user.email) == ("owner", "Alice Brenner", "alice@halden.example")
    assert browser.get("/w/halden/settings/account/").status_code == 200
    assert not (data_dir / FILE).exists()
    other = Client()
    assert other.post(HERE, {"code": code})["Location"] == "/sign-in/"
    assert other.post(HERE, SAID)["Location"] == "/sign-in/"
    assert Workspace.objects.count() == 1


def test_without_the_code_nothing_is_made(code):
    answer = Client().post(HERE, SAID)
    assert answer.status_code == 422
    assert not User.objects.exists()


def test_a_wrong_code_is_refused_and_guessing_is_slow(code):
    client = Client()
    with clock.frozen(clock.now()):
        answers = [client.post(HERE, {"code": "AAAA-AAAA"}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert "This is not the code." not in client.get(HERE).content.decode()


def test_who_guesses_from_elsewhere_keeps_nobody_out(code):
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    with clock.frozen(clock.now()):
        answers = [stranger.post(HERE, {"code": "AAAA-AAAA"}).status_code for _ in range(11)]
        assert answers[-1] == 429
        assert Client(REMOTE_ADDR="198.51.100.7").post(HERE, {"code": code})["Location"] == HERE


def test_a_code_of_an_earlier_start_no_longer_counts(browser, data_dir):
    make_code(data_dir)
    assert browser.post(HERE, SAID).status_code == 422
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "A workspace needs a name."),
        ({"sells": "never"}, "Select a valid choice"),
        ({"country": ""}, "This field is required"),
        ({"timezone": "Mars/Olympus"}, "Select a valid choice"),
        ({"email": "alice"}, "is no e-mail address"),
        ({"password": "short"}, "at least 10 characters"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(browser, wrong, sentence):
    answer = browser.post(HERE, SAID | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.exists()
    assert not Workspace.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_makes_the_workspace(data_dir):
    results = []

    def make(email):
        results.append(open_installation(FirstWorkspace(**(SAID | {"email": email})), by=None))
        connection.close()

    threads = [threading.Thread(target=make, args=(f"{name}@halden.example",)) for name in ("alice", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result) is Refused for result in results) == [False, True]
    assert (User.objects.count(), Workspace.objects.count()) == (1, 1)
