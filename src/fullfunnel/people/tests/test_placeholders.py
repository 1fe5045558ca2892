"""The name of a field, or a template that nobody filled in, identifies nobody: else one person would swallow all others."""

import pytest

from fullfunnel.people.identifiers import ANONYMOUS, EMAIL, USER, key_of


@pytest.mark.parametrize(
    "value",
    [
        "distinctId", "distinct_id", "userId", "user_id", "USERID", "anonymousId", "email", "E-Mail", "id", " userId ",
        "customer_id", "uuid", "{{ user.id }}", "${userId}", "%user_id%", "<user id>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [USER, ANONYMOUS, EMAIL, "ga_client_id"])
def test_it_names_nobody(kind, value):
    assert key_of(kind, value) is None


@pytest.mark.parametrize(
    "value", ["userId7", "email.marketing", "id-1", "ada", "identity", "<ada>1", "50%", "{ada}", "$ada"]
)
def test_what_only_looks_alike_names_somebody(value):
    assert key_of(USER, value) == (USER, value)


def test_an_address_is_still_one():
    assert key_of(EMAIL, "email@halden.example") == (EMAIL, "email@halden.example")
