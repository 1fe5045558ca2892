"""Guessing passwords from many addresses is slow, and keeps nobody out who signed in before."""

from datetime import timedelta
from ipaddress import IPv6Address
from typing import Any

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.workspaces.guessing import FORGOTTEN_IN, FREE, Guesses, one_more, pause
from tests.kit.cast import PASSWORD

ACCOUNT = "/w/halden/settings/account/"
FIRST_OF_64 = int(IPv6Address("2001:db8:0:7::"))


def post(client: Client, **form: str) -> Any:
    return client.post("/sign-in/", {"email": "alice@halden.example", "password": "wrong"} | form)


def guess(addresses: range, **form: str) -> list[int]:
    return [post(Client(REMOTE_ADDR=f"198.51.{n // 250}.{n % 250}"), **form).status_code for n in addresses]


@pytest.fixture(autouse=True)
def _quick_hasher(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def at_home(alice: Any) -> Client:
    """Alice's browser, which signed in before."""
    client = Client(REMOTE_ADDR="203.0.113.7")
    assert post(client, password=PASSWORD).status_code == 302
    client.post("/sign-out/")
    return client


def test_59_addresses_of_one_64_are_one_sender(alice):
    statuses = [post(Client(REMOTE_ADDR=str(IPv6Address(FIRST_OF_64 + n)))).status_code for n in range(59)]
    assert statuses == [422] * 4 + [429] * 55
    assert post(Client(REMOTE_ADDR="2001:db8:0:7:ffff::1"), password=PASSWORD).status_code == 429
    assert post(Client(REMOTE_ADDR="2001:db8:0:8::1"), password=PASSWORD).status_code == 302


def test_many_users_tried_from_one_64_pause_it(alice):
    for n in range(50):
        post(Client(REMOTE_ADDR=str(IPv6Address(FIRST_OF_64 + n))), email=f"u{n}@halden.example")
    assert post(Client(REMOTE_ADDR=str(IPv6Address(FIRST_OF_64 + 99))), password=PASSWORD).status_code == 429
    assert post(Client(REMOTE_ADDR="2001:db8:0:8::1"), password=PASSWORD).status_code == 302


def test_guesses_from_as_many_addresses_get_ten_tries_and_then_few(alice):
    with clock.frozen(clock.now()):
        assert guess(range(40)) == [422] * 10 + [429] * 30
    begun, taken = clock.now(), 0
    for minute in range(1, 121):
        with clock.frozen(begun + timedelta(minutes=minute)):
            taken += guess(range(100 + minute, 101 + minute)).count(422)
    # One in five minutes lasts, and a few come before the pause is that long.
    assert 24 <= taken <= 32


def test_the_right_password_is_not_looked_at_while_others_guess_and_a_sentence_says_what_helps(alice):
    with clock.frozen(clock.now()):
        guess(range(20))
        refused = post(Client(REMOTE_ADDR="203.0.113.99"), password=PASSWORD)
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert "A browser in which you signed in before" in refused.content.decode()
    assert "sessionid" not in refused.cookies


def test_an_unknown_user_is_slowed_like_a_known_one(alice):
    with clock.frozen(clock.now()):
        assert guess(range(20), email="nobody@halden.example") == [422] * 10 + [429] * 10


def test_a_browser_that_signed_in_before_is_let_in_while_others_guess(alice, at_home):
    guess(range(60))
    assert post(at_home, password=PASSWORD).status_code == 302


def test_neighbours_of_the_same_address_do_not_lock_out_a_browser_that_signed_in_before(alice, at_home):
    assert [post(Client(REMOTE_ADDR="203.0.113.7")).status_code for _ in range(6)] == [422] * 4 + [429] * 2
    assert post(at_home, password=PASSWORD).status_code == 302


def test_it_is_known_for_its_own_user_only(alice, bob, at_home):
    with clock.frozen(clock.now()):
        guess(range(20), email="bob@halden.example")
        assert post(at_home, email="bob@halden.example", password=PASSWORD).status_code == 429
        assert post(at_home, password=PASSWORD).status_code == 302


def test_a_stolen_cookie_has_a_brake_of_its_own_wherever_it_guesses(alice, at_home):
    cookie = at_home.cookies["ff_browser"].value
    with clock.frozen(clock.now()):
        statuses = []
        for n in range(20):
            thief = Client(REMOTE_ADDR=f"198.51.100.{n}")
            thief.cookies["ff_browser"] = cookie
            statuses.append(post(thief).status_code)
        assert statuses == [422] * 10 + [429] * 10
        assert post(Client(REMOTE_ADDR="203.0.113.8"), password=PASSWORD).status_code == 302


@pytest.mark.parametrize("value", ["", "x", "e30:1w:forged", "eyJpZCI6IngifQ:1vHk2w:AAAA"])
def test_a_cookie_that_is_not_ours_counts_as_none(alice, value):
    with clock.frozen(clock.now()):
        guess(range(20))
        client = Client(REMOTE_ADDR="203.0.113.9")
        client.cookies["ff_browser"] = value
        assert post(client, password=PASSWORD).status_code == 429


def test_the_cookie_names_nobody_and_is_kept_from_scripts(alice, at_home):
    cookie = at_home.cookies["ff_browser"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 400 * 24 * 3600)
    assert "alice" not in cookie.value


def test_a_link_of_the_command_line_lets_a_new_browser_in(alice):
    from fullfunnel.workspaces.browsers import browser_link

    with clock.frozen(clock.now()):
        guess(range(20))
        client = Client(REMOTE_ADDR="203.0.113.9")
        assert client.get(browser_link("alice@halden.example")).status_code == 200
        assert client.get(ACCOUNT).status_code == 302
        assert post(client, password=PASSWORD).status_code == 302


def test_an_old_link_does_nothing(alice, monkeypatch):
    from fullfunnel.workspaces import browsers

    monkeypatch.setattr(browsers, "LINK_SECONDS", -1)
    client = Client()
    client.get(browsers.browser_link("alice@halden.example"))
    assert "ff_browser" not in client.cookies


def test_the_right_password_is_no_guess(alice):
    for n in range(15):
        assert post(Client(REMOTE_ADDR=f"203.0.113.{n}"), password=PASSWORD).status_code == 302


def test_the_old_password_on_the_account_page_has_the_same_brake(alice):
    client, before = alice.client, alice.user.password
    form = {"old": "wrong", "new": "a battery of horses"}
    with clock.frozen(clock.now()):
        statuses = [client.post(ACCOUNT, form, REMOTE_ADDR=f"198.51.100.{n}").status_code for n in range(20)]
        assert statuses == [422] * 10 + [429] * 10
        refused = client.post(ACCOUNT, form | {"old": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    alice.user.refresh_from_db()
    assert (refused.status_code, alice.user.password) == (429, before)


def test_the_old_password_is_paused_per_network_too(alice):
    form = {"old": "wrong", "new": "a battery of horses"}
    assert [alice.client.post(ACCOUNT, form).status_code for _ in range(6)] == [422] * 4 + [429] * 2


def test_guesses_of_others_do_not_keep_a_known_browser_from_its_new_password(alice, at_home):
    guess(range(30))
    post(at_home, password=PASSWORD)
    assert at_home.post(ACCOUNT, {"old": PASSWORD, "new": "a battery of horses"}).status_code == 302


def test_the_pause_doubles_up_to_five_minutes_and_is_forgotten():
    now = clock.now()
    guesses, pauses = Guesses(0, now), []
    for _ in range(18):
        guesses = one_more(guesses, now)
        pauses.append(pause(guesses, now).total_seconds())
    assert pauses == [0] * (FREE - 1) + [5, 10, 20, 40, 80, 160, 300, 300, 300]
    assert pause(guesses, now + timedelta(seconds=299)) == timedelta(seconds=1)
    assert pause(guesses, now + timedelta(minutes=5)) == timedelta(0)
    assert one_more(guesses, now + 18 * FORGOTTEN_IN) == Guesses(1, now + 18 * FORGOTTEN_IN)


def test_a_clock_that_was_set_back_makes_nobody_wait_longer():
    now = clock.now()
    assert pause(Guesses(40, now + timedelta(days=1)), now) == timedelta(minutes=5)
    assert one_more(Guesses(3, now + timedelta(days=1)), now) == Guesses(4, now)


def test_brakes_are_forgotten_after_a_day(alice):
    from fullfunnel.workspaces.models import SignInBrake
    from fullfunnel.workspaces.on_tick import forget

    post(Client())
    assert SignInBrake.objects.count() == 1
    with clock.frozen(clock.now() + timedelta(hours=25)):
        forget()
    assert SignInBrake.objects.count() == 0
