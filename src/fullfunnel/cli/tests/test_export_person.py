"""fullfunnel export person: all that is known of somebody, as one JSON document."""

import json

import pytest

from fullfunnel.people import actions
from fullfunnel.people.models import Company, Merge
from fullfunnel.people.record import record
from tests.kit.cast import days_ago, drain


@pytest.fixture
def known(ada, ben, alice):
    """Ada, who visited and signed in, was Ben before, and said yes to e-mail."""
    ada.visits("/pricing", at=days_ago(3))
    ada.identifies("ada-1", email="ada@halden.example", plan="pro")
    ben.visits("/docs", at=days_ago(2))
    actions.merge_people(ada.person, loser=ben.person, by=alice.user)
    actions.change_consent(ada.person, purpose="email", given=True, source="phone call", by=alice.user)
    acme = Company.objects.create(workspace=ada.person.workspace, key="acme")
    record(ada.person, "deal_won", by=alice.user, company=acme, deal="d-1", properties={"revenue": "12.5"})
    drain()
    return ada.person


def export(command, who, *words):
    done = command("export", "person", who, *words, "--workspace", "halden")
    assert done.status == 0, done.err
    return done.out


def test_everything_known_of_a_person_is_told(command, known, ben, alice):
    told = json.loads(export(command, "ADA@halden.example"))
    assert told["person"] == known.public_id
    ada, was_ben = sorted(told["people"], key=lambda one: one["merged_into"] or "")
    assert (ada["person"], ada["traits"]) == (known.public_id, {"email": "ada@halden.example", "plan": "pro"})
    assert [(one["kind"], one["value"]) for one in ada["identities"]] == [
        ("anonymous_id", "ada-browser"), ("user_id", "ada-1"), ("email", "ada@halden.example"),
        ("anonymous_id", "ben-browser"),
    ]  # fmt: skip
    [consent] = ada["consents"]
    assert (consent["purpose"], consent["given"], consent["source"]) == ("email", True, "phone call")
    loser = Merge.objects.get().loser.public_id
    assert [(m["loser"], m["cause"], m["by"]) for m in ada["merges"]] == [(loser, "user", alice.user.public_id)]
    assert (was_ben["person"], was_ben["merged_into"], was_ben["identities"]) == (loser, known.public_id, [])
    names = [event["event"] for event in told["events"] if event["event"] != "trait_changed"]
    assert names == [
        "page_viewed", "person_identified", "page_viewed", "people_merged", "consent_changed", "deal_won"
    ]  # fmt: skip
    won = told["events"][-1]
    assert (won["company"], won["deal"], won["properties"]) == (
        "acme", "d-1", {"revenue": "12.5", "by": alice.user.public_id}
    )  # fmt: skip
    assert "Alice" not in json.dumps(told)


def test_a_person_is_found_by_any_identifier_the_public_id_and_by_whom_they_were(command, known):
    was = Merge.objects.get().loser.public_id
    for who in (known.public_id, "ada-1", "ada-browser", "ben-browser", was):
        assert json.loads(export(command, who))["person"] == known.public_id


def test_it_is_written_to_a_file_where_one_is_named(command, known, tmp_path):
    path = tmp_path / "ada.json"
    assert export(command, "ada-1", path) == ""
    assert json.loads(path.read_text())["person"] == known.public_id


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["nobody@halden.example"], "nobody in 'halden' has the identifier or public id 'nobody@halden.example'"),
        (["ada-1", "a.json", "b.json"], "name one file, and before it, of a person, who"),
        (["ada-1", "/nowhere/a.json"], "/nowhere is not a directory"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_sentence(command, known, words, reason):
    done = command("export", "person", *words, "--workspace", "halden")
    assert (done.status, done.out) == (2, "")
    assert reason in done.err


def test_people_of_another_workspace_are_not_told(command, known, charlie):
    done = command("export", "person", "ada-1", "--workspace", "elsewhere")
    assert (done.status, done.out) == (2, "")
