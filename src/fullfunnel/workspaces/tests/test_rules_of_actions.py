"""What the actions of workspaces refuse themselves, whoever calls them; a refused one changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import ApiKey, AuditEntry, Invitation, Membership, Role, Source, User, WriteKey
from tests.kit.cast import PASSWORD, Member
from tests.kit.refusals import refusal_of, rows_of

ROWS = (User, Membership, Invitation, ApiKey, WriteKey, Source, AuditEntry)


def refused(action: Callable[[], Any]) -> str:
    """The sentence of a refusal, which changed nothing."""
    return refusal_of(action, ROWS)


def membership(member: Member) -> Membership:
    return Membership.objects.get(user=member.user)


@pytest.fixture
def invitation(alice: Member, workspace: Any) -> Invitation:
    made = actions.invite_member(workspace, email="dora@halden.example", role="seller", by=membership(alice))
    assert not isinstance(made, Refused)
    return made[0]


@pytest.mark.parametrize("role", [Role.MARKETER, Role.SELLER, Role.VIEWER])
def test_only_owners_and_admins_invite_change_and_remove(workspace, alice, bob, role):
    carl = Member("carl@halden.example", "Carl").joins(workspace, role)
    by, theirs = membership(carl), membership(bob)
    words = "Only an owner or an admin of this workspace can do that."
    invite = {"email": "dora@halden.example", "role": "viewer"}
    assert refused(lambda: actions.invite_member(workspace, **invite, by=by)) == words
    assert refused(lambda: actions.change_role(theirs, to="viewer", by=by)) == words
    assert refused(lambda: actions.remove_member(theirs, by=by)) == words


def test_an_owner_of_another_workspace_is_nobody_here(workspace, alice, charlie):
    theirs = membership(charlie)
    invite = {"email": "dora@halden.example", "role": "viewer"}
    assert "of this workspace" in refused(lambda: actions.invite_member(workspace, **invite, by=theirs))
    assert "of this workspace" in refused(lambda: actions.change_role(membership(alice), to="viewer", by=theirs))
    assert "another workspace" in refused(lambda: actions.remove_member(membership(alice), by=theirs))


def test_the_last_owner_stays(alice):
    mine = membership(alice)
    assert "needs an owner" in refused(lambda: actions.change_role(mine, to="admin", by=mine))
    assert "needs an owner" in refused(lambda: actions.remove_member(mine, by=mine))


def test_an_invitation_is_taken_by_who_was_invited_alone(invitation, bob):
    dora = Member("dora@halden.example", "Dora")
    assert "made for another" in refused(lambda: actions.accept_invitation(invitation, by=bob.user))
    assert "Sign in as dora@halden.example" in refused(lambda: actions.accept_invitation(invitation, by=None))
    joined = actions.accept_invitation(invitation, by=dora.user)
    assert (joined.user, joined.role) == (dora.user, "seller")
    assert "used already" in refused(lambda: actions.accept_invitation(invitation, by=dora.user))


def test_a_weak_password_makes_no_user_and_leaves_the_invitation_open(invitation):
    assert "too short" in refused(lambda: actions.accept_invitation(invitation, by=None, password="short"))
    joined = actions.accept_invitation(invitation, by=None, password="a battery of horses", name="Dora")
    assert (joined.user.name, joined.role) == ("Dora", "seller")


def test_nobody_changes_the_password_of_another(alice, bob):
    words = refused(lambda: actions.change_password(bob.user, old=PASSWORD, new="a battery of horses", by=alice.user))
    assert words == "That is not your current password."


def test_a_secret_is_returned_beside_its_row_and_written_down_nowhere(workspace, alice):
    row, key = actions.create_api_key(workspace, name="report", scopes=["ask"], by=alice.user)
    assert (row.name, row.prefix, row.created_by) == ("report", key[:9], alice.user)
    source, _ = actions.create_source(workspace, name="site", kind="server", by=alice.user)
    write_key, secret = actions.rotate_write_key(source, by=alice.user)
    assert (write_key.source, write_key.prefix) == (source, secret[:9])
    assert key not in str(rows_of(ROWS))
    assert secret not in str(rows_of(ROWS))


def test_what_is_done_twice_is_told_once(workspace, alice, invitation):
    row, _ = actions.create_api_key(workspace, name="report", scopes=["ask"], by=alice.user)
    for _ in range(2):
        actions.revoke_api_key(row, by=alice.user)
        actions.withdraw_invitation(invitation, by=alice.user)
    told = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert told == ["invite_member", "create_api_key", "revoke_api_key", "withdraw_invitation"]
