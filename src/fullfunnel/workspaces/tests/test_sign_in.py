"""Signing in: the same answer and the same work for whoever cannot, limits that lock nobody else out, sessions that end."""

import re
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.workspaces import guessing
from tests.kit.cast import PASSWORD

HASHED: list[str] = []
FORM = {"email": "alice@halden.example", "password": PASSWORD}


class Counting(Argon2PasswordHasher):
    """Argon2 that counts how often it works."""

    def encode(self, password: str, salt: str) -> str:
        HASHED.append("encode")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        HASHED.append("verify")
        return super().verify(password, encoded)


def post(client: Client, **form: str) -> Any:
    return client.post("/sign-in/", FORM | form)


@pytest.fixture
def deactivated(workspace: Any) -> Any:
    from fullfunnel.workspaces.sessions import deactivate
    from tests.kit.cast import Member

    member = Member("gone@halden.example", "Gone")
    deactivate(member.user)
    return member


def test_the_right_password_lets_in_under_a_new_session_key(alice):
    client = Client()
    client.session.save()
    client.cookies["sessionid"] = planted = "a" * 32
    response = post(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.cookies["sessionid"].value != planted
    assert client.get("/").status_code == 302


def test_case_and_spaces_of_the_address_do_not_matter(alice):
    assert post(Client(), email=" Alice@Halden.EXAMPLE ").status_code == 302


def test_unknown_wrong_and_deactivated_get_the_same_answer_after_the_same_work(alice, deactivated, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    answers, work = set(), []
    for email, password in [
        ("alice@halden.example", "wrong"),
        ("nobody@halden.example", "wrong"),
        ("gone@halden.example", PASSWORD),
    ]:
        HASHED.clear()
        response = post(Client(), email=email, password=password)
        body = re.sub(r"[A-Za-z0-9]{64}", "TOKEN", response.content.decode().replace(email, ""))
        answers.add((response.status_code, body))
        assert "do not belong together" in body
        work.append(len(HASHED))
    assert len(answers) == 1
    assert work == [1, 1, 1]
    assert Session.objects.filter(session_key__isnull=False).count() == 2  # the two that the cast was made with


@pytest.mark.deep
def test_unknown_users_take_as_long_as_known_ones(alice, settings, monkeypatch):
    settings.AXES_ENABLED = False
    monkeypatch.setattr(guessing, "FREE", 1000)
    took: dict[str, list[float]] = {"alice@halden.example": [], "nobody@halden.example": []}
    for n in range(120):
        for email in sorted(took, reverse=bool(n % 2)):
            start = time.perf_counter()
            post(Client(), email=email, password="wrong")
            took[email].append(time.perf_counter() - start)
    known, unknown = (statistics.median(times) for times in took.values())
    assert abs(known - unknown) < max(0.002, known * 0.1)


def test_five_failures_pause_this_user_from_this_address_and_nobody_else(alice, bob):
    here, elsewhere = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    statuses = [post(Client(**here), password="wrong").status_code for _ in range(6)]
    assert statuses == [422, 422, 422, 422, 429, 429]
    paused = post(Client(**here))
    assert (paused.status_code, paused["Retry-After"]) == (429, "900")
    assert post(Client(**elsewhere)).status_code == 302
    assert post(Client(**here), email="bob@halden.example").status_code == 302


def test_an_unknown_user_is_paused_like_a_known_one(alice):
    statuses = [post(Client(), email="nobody@halden.example").status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 429]


def test_the_pause_ends(alice):
    from axes.models import AccessAttempt

    for _ in range(5):
        post(Client(), password="wrong")
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=16))
    assert post(Client()).status_code == 302


def test_many_users_tried_from_one_address_pause_that_address(alice):
    from axes.models import AccessAttempt

    for n in range(50):
        AccessAttempt.objects.create(username=f"u{n}", ip_address="203.0.113.7", failures_since_start=1)
    assert post(Client(REMOTE_ADDR="203.0.113.7")).status_code == 429
    assert post(Client(REMOTE_ADDR="203.0.113.8")).status_code == 302


def test_behind_a_proxy_of_this_machine_the_client_counts_and_elsewhere_the_header_is_not_believed(alice):
    for _ in range(5):
        post(Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.7"), password="wrong")
    assert post(Client(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.8")).status_code == 302
    for n in range(5):
        post(Client(REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}"), password="wrong")
    assert post(Client(REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR="203.0.113.99")).status_code == 429


def test_signing_out_needs_a_post_and_ends_the_session(alice):
    assert alice.client.get("/sign-out/").status_code == 405
    assert alice.client.get("/w/halden/settings/account/").status_code == 200
    assert alice.client.post("/sign-out/").status_code == 302
    assert alice.client.get("/w/halden/settings/account/").status_code == 302


def test_a_post_without_the_forms_token_is_refused_in_words(alice):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/sign-in/", FORM)
    assert response.status_code == 403
    assert b"This form is no longer valid" in response.content


@pytest.mark.django_db
def test_without_any_user_one_is_led_to_the_first_visit_and_nobody_is_let_in():
    client = Client()
    for response in (client.get("/sign-in/"), client.post("/sign-in/", FORM)):
        assert (response.status_code, response["Location"]) == (302, "/first-visit/")
    assert "_auth_user_id" not in client.session


def test_a_new_password_ends_every_other_session_and_keeps_this_one(alice):
    other = Client()
    post(other)
    form = {"old": PASSWORD, "new": "a battery of horses"}
    assert alice.client.post("/w/halden/settings/account/", form).status_code == 302
    assert alice.client.get("/w/halden/settings/account/").status_code == 200
    assert other.get("/w/halden/settings/account/")["Location"].startswith("/sign-in/")
    assert post(Client()).status_code == 422
    assert post(Client(), password="a battery of horses").status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("wrong", "a battery of horses", "not your current password"),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, "alice@halden.example", "too similar"),
        (PASSWORD, "1234567890", "too common"),
    ],
)
def test_a_refused_password_changes_nothing(alice, old, new, told):
    before = alice.user.password
    response = alice.client.post("/w/halden/settings/account/", {"old": old, "new": new})
    alice.user.refresh_from_db()
    assert (response.status_code, alice.user.password) == (422, before)
    assert told in response.content.decode()


def test_old_tries_and_dead_sessions_are_forgotten(alice):
    from axes.models import AccessAttempt

    from fullfunnel.workspaces.on_tick import forget

    post(Client(), password="wrong")
    assert AccessAttempt.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(days=15)):
        assert forget() is False
    assert (AccessAttempt.objects.count(), Session.objects.count()) == (0, 0)
