"""The address that signs in to the demo once: it asks first, works once, and only in the demo."""

import pytest
from django.test import Client

from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.demo.welcome.tokens import is_good, make_token, use


@pytest.fixture
def token(alice, data_dir):
    (data_dir / SIGN_IN_OF_DEMO).write_text("{}", encoding="utf-8")
    return make_token(data_dir)


def test_opening_it_signs_nobody_in(token, data_dir):
    browser = Client()
    assert "Look around as Alice" in browser.get(f"/welcome/{token}/").content.decode()
    assert "_auth_user_id" not in browser.session
    assert is_good(data_dir, token)


def test_pressing_the_button_signs_in_as_alice_once(token, alice):
    browser = Client()
    assert browser.post(f"/welcome/{token}/").status_code == 302
    assert browser.session["_auth_user_id"] == str(alice.user.pk)
    again = Client()
    assert again.post(f"/welcome/{token}/").status_code == 404
    assert "_auth_user_id" not in again.session


def test_of_three_addresses_the_first_is_over(data_dir):
    first, second, third = (make_token(data_dir) for _ in range(3))
    assert [is_good(data_dir, each) for each in (first, second, third)] == [False, True, True]
    assert use(data_dir, second)
    assert not use(data_dir, second)


def test_outside_the_demo_no_address_signs_in(alice, data_dir):
    token = make_token(data_dir)
    browser = Client()
    assert browser.post(f"/welcome/{token}/").status_code == 404
    assert "_auth_user_id" not in browser.session
