"""Who may do what, read off the URLconf: every route × method × caller answers as it declared, and refuses without a trace."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client

from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.workspaces.models import ApiKey, Role
from tests.kit.routes import METHODS, Route, routes

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
ROLES = set(Role.values)
SCOPES = set(ApiKey.Scope.values)
KEYS = {"write key", "api key without scopes", "revoked api key", *(f"api key of {scope}" for scope in SCOPES)}
NOT_HERE = {"stranger", "deactivated"} | KEYS


ALL = list(routes())
NAMES = [route.name for route in ALL]
PARTS = 8


def state() -> str:
    """A hash of every row of the main database, in order."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found.update(f"{table}{cursor.fetchall()}".encode())
    return found.hexdigest()


def rows_changed() -> int:
    """How many rows this connection has changed so far, what was rolled back included: as long as it stands, so does `state`."""
    return int(connection.connection.total_changes)


@pytest.fixture
def objects(workspace: Any, website: Any, alice: Any, bob: Any, data_dir: Path) -> dict[str, Any]:
    """One of everything in Halden that a path can name, by the name of the path's parameter."""
    # As in the demo, which alone has some pages.
    (data_dir / SIGN_IN_OF_DEMO).write_text('{"write_keys": {"web": "ffw_x"}, "forms": {"ids": {}}}', encoding="utf-8")
    from fullfunnel.analytics.models import Asking, SavedQuestion
    from fullfunnel.campaigns.models import Campaign, Piece, SpendName, SpendReport
    from fullfunnel.crm.actions import add_task, hand_over, log_activity, open_deal
    from fullfunnel.crm.models import Territory
    from fullfunnel.crm.pipelines import default_pipeline, lost_reasons_of, stages_of
    from fullfunnel.crm.said import Done
    from fullfunnel.forms.actions import create_form, publish_form
    from fullfunnel.forms.models import Submission
    from fullfunnel.messaging.actions import create_topic
    from fullfunnel.notes.models import Note
    from fullfunnel.notices.models import Notice
    from fullfunnel.people.models import Company, CompanyDomain, Merge, MergeProposal, Person
    from fullfunnel.stages.models import Leak
    from fullfunnel.stages.rule_actions import draft_rules
    from fullfunnel.stages.tests.leaks import leak
    from fullfunnel.workspaces.actions import invite_member, set_logo
    from fullfunnel.workspaces.keys import make_api_key, make_write_key
    from fullfunnel.workspaces.models import Absence, ExchangeRate, Holiday, Membership, OwnText, Team

    make_write_key(website, by=None)
    write_key = website.keys.get()
    topic = create_topic(workspace, name="Monthly note", by=None)
    make_api_key(workspace, name="report", scopes=["ask"], by=None)
    membership = Membership.objects.get(user=alice.user)
    invitation, _ = invite_member(workspace, email="dora@halden.example", role="viewer", by=membership)
    asked = {"kind": "funnel", "steps": [{"event": "page_viewed"}, {"event": "form_submitted"}]}
    question = SavedQuestion.objects.create(workspace=workspace, name="First", question=asked)
    person = Person.objects.create(workspace_id=workspace.pk, public_id="0123456789abcdefghij")
    other = Person.objects.create(workspace_id=workspace.pk, public_id="abcdefghij0123456789")
    pair = {"workspace": workspace, "winner": person, "loser": other}
    merge = Merge.objects.create(**pair, identities=[], before={}, cause="user", by=bob.user)
    asking = Asking.objects.create(workspace=workspace, key="d" * 64, version="1", state="answering", answerer="x")
    proposal = MergeProposal.objects.create(workspace=workspace, first=person, second=other, reason="same address")
    note = Note.objects.create(workspace=workspace, person=person, text="Called")
    waiting = hand_over(person, cause_event="demo-1", why=["Asked for a demo"], by=None)
    company = Company.objects.create(workspace=workspace, key="acme.example", name="Acme")
    domain = CompanyDomain.objects.create(workspace=workspace, company=company, domain="acme.example")
    of_person = add_task(person, title="Call", by=bob.user)
    pipeline = default_pipeline(workspace)
    form = create_form(workspace, name="Contact", starter="contact", by=None)
    publish_form(form, by=None)
    said = {"version": form.versions.get(), "person": person, "nonce": "0" * 32}
    sent = Submission.objects.create(workspace=workspace, form=form, **said)
    file = set_logo(workspace, content=BytesIO(PNG), name="logo.png", by=None)
    deal = open_deal(person, by=bob.user)
    task = add_task(deal, title="Call", by=bob.user)
    activity = log_activity(deal, done=Done("call"), by=bob.user)
    give = {"workspace": workspace, "user": bob.user}
    away = {"workspace": workspace, "first": "2026-12-01", "last": "2026-12-02"}
    return {
        "holiday_id": Holiday.objects.create(workspace=workspace, day="2026-12-25", name="Christmas Day").pk,
        "absence_id": Absence.objects.create(user=bob.user, **away).pk,
        "territory_id": Territory.objects.create(**give, countries=["DE"]).public_id,
        "text_key": OwnText.objects.create(workspace=workspace, key="form.send", language="de", text="Los").key,
        "language": "de",
        "team_id": Team.objects.create(workspace=workspace, name="North").public_id,
        "campaign_id": Campaign.objects.create(workspace=workspace, name="Brand", channel="Paid Search").public_id,
        "report_id": SpendReport.objects.create(workspace=workspace, name="a.csv", came="file").public_id,
        "name_id": SpendName.objects.create(workspace=workspace, platform="meta", name="brand").pk,
        "piece_id": Piece.objects.create(
            workspace=workspace, name="Guide", kind="page", stage="interest", pattern="/g"
        ).public_id,
        "rate_id": ExchangeRate.objects.create(
            workspace=workspace, currency="USD", into="EUR", day="2026-11-30", rate=1
        ).pk,
        "slug": workspace.slug,
        "leak_id": Leak.objects.create(workspace=workspace, key=leak()["key"], evidence=leak()).public_id,
        "membership_id": Membership.objects.get(user=bob.user).pk,
        "invitation_id": invitation.pk,
        "source_id": website.pk,
        "key_id": ApiKey.objects.get(workspace=workspace, name="report").pk,
        "messaging:topic": {"public_id": topic.public_id},
        "messaging:archive-topic": {"public_id": topic.public_id},
        "demo:walk-act": {"name": "accept"},
        "notes:remove": {"note_id": note.public_id},
        "notice_id": Notice.objects.create(workspace=workspace, member=membership, path="/w/halden/").public_id,
        "hand_over_id": waiting.public_id,
        "company_id": company.pk,
        "domain_id": domain.pk,
        "activity_id": activity.public_id,
        **{f"crm:{verb}-task": {"task_id": of_person.public_id} for verb in ("finish", "reopen", "snooze")},
        "crm:finish-person-task": {"task_id": of_person.public_id},
        "crm:reopen-person-task": {"task_id": of_person.public_id},
        "number": draft_rules(workspace, based_on=None, by=None).number,
        "pipeline_id": pipeline.public_id,
        "stage_id": stages_of(pipeline)[0].public_id,
        "reason_id": lost_reasons_of(workspace)[0].public_id,
        "people:decide": {"pk": proposal.pk},
        "people:undo-merge": {"pk": merge.pk},
        "analytics:asking": {"pk": asking.pk},
        "analytics:cancel-asking": {"pk": asking.pk},
        "analytics:change-saved": {"pk": question.pk},
        "workspaces:revoke-write-key": {"key_id": write_key.pk},
        **{
            route.name: {"public_id": form.public_id, "key": "email", "submission_id": sent.public_id}
            for route in ALL
            if route.name.startswith("forms:")
        },
        **{
            route.name: {
                "public_id": deal.public_id,
                "person_id": person.public_id,
                "stage_id": deal.stage.public_id,
                "move_id": deal.moves.get().pk,
                "task_id": task.public_id,
            }
            for route in ALL
            if route.pattern.startswith("w/<slug:slug>/deals/")
        },
        "form_id": form.public_id,
        "public_id": person.public_id,
        "file_id": file.public_id,
        "token": "x" * 32,
    }


@pytest.fixture
def callers(workspace: Any, website: Any, alice: Any, charlie: Any) -> dict[str, dict[str, Any]]:
    """Who may call: the cookies or headers that each has."""
    from fullfunnel.core import clock
    from fullfunnel.workspaces.keys import make_api_key, make_write_key
    from fullfunnel.workspaces.sessions import deactivate
    from tests.kit.cast import Member

    def session(member: Any) -> dict[str, Any]:
        return {"cookie": member.client.cookies[settings.SESSION_COOKIE_NAME].value}

    found: dict[str, dict[str, Any]] = {"stranger": {}, "owner of another workspace": session(charlie)}
    for role in sorted(ROLES):
        found[role] = session(Member(f"{role}@halden.example", role).joins(workspace, role))
    gone = Member("gone@halden.example", "Gone").joins(workspace, "owner")
    found["deactivated"] = session(gone)
    deactivate(gone.user)
    for scope in sorted(SCOPES):
        found[f"api key of {scope}"] = {"bearer": make_api_key(workspace, name=scope, scopes=[scope], by=None)}
    found["api key without scopes"] = {"bearer": make_api_key(workspace, name="none", scopes=[], by=None)}
    found["revoked api key"] = {"bearer": make_api_key(workspace, name="old", scopes=sorted(SCOPES), by=None)}
    ApiKey.objects.filter(name="old").update(revoked_at=clock.now())
    found["write key"] = {"bearer": make_write_key(website, by=None)}
    return found


def call(path: str, method: str, who: dict[str, Any]) -> Any:
    from django.conf import settings

    client = Client(raise_request_exception=False)
    if "cookie" in who:
        client.cookies[settings.SESSION_COOKIE_NAME] = who["cookie"]
    headers = {"Authorization": f"Bearer {who['bearer']}"} if "bearer" in who else {}
    return client.generic(method, path, b"", "application/x-www-form-urlencoded", headers=headers)


def expected(route: Route, caller: str) -> int | str:
    """The status of the refusal, or "let in"."""
    allowed = route.allowed
    if "public" in allowed:
        return "let in"
    if route.scope:
        if caller == f"api key of {route.scope}":
            return "let in"
        return 403 if caller in KEYS - {"write key", "revoked api key"} else 401
    if caller in NOT_HERE:
        return 302
    if allowed == {"signed in"} or caller in allowed:
        return "let in"
    return 404 if caller == "owner of another workspace" else 403


def test_every_route_declares_who_may_call_it():
    assert [route.name for route in ALL if not route.allowed] == []
    known = ROLES | {"signed in", "public"} | {f"api key: {scope}" for scope in SCOPES}
    assert [route.name for route in ALL if not route.allowed <= known] == []
    assert len(set(NAMES)) == len(NAMES) > 20


# What strangers' forms are sent to, each with a signed nonce of its own.
OF_STRANGERS = {"forms:hosted", "forms:seen", "messaging:confirm", "messaging:preferences", "messaging:leave-all"}


def test_only_the_entrance_and_the_pages_of_forms_are_public():
    public = {route.name for route in ALL if route.allowed == {"public"}}
    of_forms = OF_STRANGERS | {"forms:colours", "forms:logo", "forms:embed-script"}
    entrance = {"sign-in", "join", "first-visit", "forgot-password", "new-password"}
    by_address = {"crm:answer-lead", "demo:welcome"}
    assert public == {f"workspaces:{name}" for name in entrance} | {"health"} | of_forms | by_address
    assert {
        route.name for route in ALL if not route.scope and getattr(route.view, "csrf_exempt", False)
    } == OF_STRANGERS


def complaint(route: Route, caller: str, response: Any) -> str:
    """What is wrong with the answer to `caller`, or ""."""
    wanted, status = expected(route, caller), response.status_code
    to_sign_in = response.headers.get("Location", "").startswith("/sign-in/?next=")
    if wanted == "let in":
        return f"{status}, should be let in" if status >= 500 or status in (401, 403) or to_sign_in else ""
    if status != wanted or (wanted == 302) != to_sign_in:
        return f"{status}, should be {wanted}"
    return ""


# A part of the routes each, so that both processors have some.
@pytest.mark.parametrize("part", range(PARTS))
def test_each_caller_gets_what_the_route_declares_and_a_refusal_changes_nothing(part, objects, callers):
    complaints, before = [], state()
    for route in ALL[part::PARTS]:
        path = route.path(objects)
        for caller, has in callers.items():
            let_in, changed = expected(route, caller) == "let in", rows_changed()
            for method in set(route.methods) & {"GET", "POST", "DELETE"} if let_in else route.methods:
                with transaction.atomic():
                    if wrong := complaint(route, caller, call(path, method, has)):
                        complaints.append(f"{method} {path} as {caller}: {wrong}")
                    # What was let in may change things, which the next call must not meet; what was refused may not.
                    transaction.set_rollback(let_in)
            if not let_in and rows_changed() != changed and state() != before:
                complaints.append(f"{path} as {caller} was refused and changed something")
                before = state()
    assert complaints == []


# What names nothing of a workspace: the catalogue's texts, samples and cards are the same in all.
ANYWHERE = {"slug", "token", "text_key", "language", "number"}
WITH_OBJECTS = [route for route in ALL if set(route.parameters) - ANYWHERE and "slug" in route.parameters]


def test_what_belongs_to_another_workspace_is_not_there(objects, callers):
    complaints, before = [], state()
    for route in WITH_OBJECTS:
        path = route.path(objects | {"slug": "elsewhere"})
        for method in METHODS:
            changed = rows_changed()
            status = call(path, method, callers["owner of another workspace"]).status_code
            if status not in (404, 405) or (rows_changed() != changed and state() != before):
                complaints.append(f"{method} {path}: {status}")
                before = state()
    assert complaints == []
    assert len(WITH_OBJECTS) > 8


def test_without_its_token_no_form_is_taken(objects, callers):
    taken, before = [], state()
    for route in ALL:
        if route.scope or route.name in OF_STRANGERS:
            continue
        client = Client(enforce_csrf_checks=True)
        client.cookies[settings.SESSION_COOKIE_NAME] = callers["owner"]["cookie"]
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if (status := client.generic(method, route.path(objects), b"").status_code) != 403:
                taken.append((method, route.name, status))
    assert taken == []
    assert state() == before


def test_nobody_but_admins_cancels_what_others_asked(objects, callers):
    route, before = next(route for route in ALL if route.name == "analytics:cancel-asking"), state()
    for role in sorted(ROLES - {"owner", "admin"}):
        assert call(route.path(objects), "POST", callers[role]).status_code == 404, role
    assert state() == before
    for role in ("admin", "owner"):
        assert call(route.path(objects), "POST", callers[role]).status_code == 302, role
    assert state() != before


def test_what_was_sent_and_refused_is_shown_to_editors_alone(workspace, website, ada, objects, callers):
    from fullfunnel.core import clock
    from fullfunnel.events.models import Refusal

    ada.visits("/pricing")
    sent = '{"password": "hunter2"}'
    Refusal.objects.create(
        workspace=workspace, source_id=website.pk, received_at=clock.now(), reason="no type", item=sent, journal_key="1"
    )
    shown = {
        role: {route.name for route in ALL if b"hunter2" in call(route.path(objects), "GET", callers[role]).getvalue()}
        for role in ("owner", "viewer")
    }
    assert shown == {"owner": {"analytics:overview", "analytics:now"}, "viewer": set()}
    for role in sorted(ROLES):
        page = call("/w/halden/now/", "GET", callers[role]).content
        assert (b"no type" in page, b"hunter2" in page) == (True, role != "viewer"), role


# They are invented: rows of no workspace.
SAMPLES = {"workspaces:style-guide-move": {"key": "rosental"}, "workspaces:style-guide-record": {"number": 4}}


def test_the_walk_names_real_things(objects, callers):
    """Each path of the walk opens for its owner by some method, so that a refusal is about the role, not a typing error."""
    dead = []
    for route in ALL:
        if "public" in route.allowed or route.scope:
            continue
        with transaction.atomic():
            path = route.path(objects | SAMPLES)
            statuses = {call(path, method, callers["owner"]).status_code for method in ("GET", "POST")}
            transaction.set_rollback(True)
        if statuses <= {404, 405}:
            dead.append((route.name, statuses))
    assert dead == []


def test_a_member_of_two_workspaces_sees_each_under_its_own_address(workspace, alice, charlie):
    assert get_user_model().objects.count() == 2
    assert alice.client.get("/w/halden/settings/workspace/").status_code == 200
    assert alice.client.get("/w/elsewhere/settings/workspace/").status_code == 404
