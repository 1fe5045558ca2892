"""Members: invited by a link that is good once, changed and removed by those who may, and never without an owner."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import AuditEntry, Invitation, Membership, User
from tests.kit.cast import PASSWORD, Member

MEMBERS = "/w/halden/settings/members/"
NEW = {"password": "a battery of horses", "name": "Dora"}


@pytest.fixture
def admin(workspace: Any) -> Member:
    return Member("admin@halden.example", "Ann").joins(workspace, "admin")


def invite(by: Member, email: str = "dora@halden.example", role: str = "seller") -> str:
    """The path of the link."""
    page = by.client.post(MEMBERS, {"email": email, "role": role}).content.decode()
    found = re.search(r"http://testserver(/join/[^/]+/)", page)
    return found.group(1) if found else ""


def membership(member: Member) -> Membership:
    return Membership.objects.get(user=member.user, workspace__slug="halden")


def test_the_link_lets_somebody_set_a_password_once(alice):
    link = invite(alice)
    client = Client()
    assert b"dora@halden.example" in client.get(link).content
    assert client.post(link, NEW)["Location"] == "/w/halden/inbox/"
    assert client.get("/w/halden/settings/account/").status_code == 200
    dora = User.objects.get(email="dora@halden.example")
    assert (dora.name, dora.memberships.get().role, dora.check_password(NEW["password"])) == ("Dora", "seller", True)
    assert Client().get(link).status_code == 404
    assert Client().post(link, NEW).status_code == 404
    assert User.objects.count() == 2


def test_the_link_is_kept_as_its_hash_only(alice):
    token = invite(alice).split("/")[2]
    kept = str(Invitation.objects.values().get()) + str(list(AuditEntry.objects.values()))
    assert len(token) >= 32
    assert token not in kept


@pytest.mark.parametrize("end", ["withdrawn", "expired", "replaced"])
def test_a_link_that_is_over_opens_nothing(alice, end):
    link = invite(alice)
    if end == "withdrawn":
        alice.client.post(f"/w/halden/settings/invitations/{Invitation.objects.get().pk}/withdraw/")
    elif end == "expired":
        Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    else:
        invite(alice)
    assert Client().post(link, NEW).status_code == 404
    assert User.objects.count() == 1


def test_a_weak_password_is_refused_and_the_link_stays_good(alice):
    link = invite(alice)
    assert Client().post(link, {"password": "short"}).status_code == 422
    assert User.objects.count() == 1
    assert Client().post(link, NEW).status_code == 302


def test_who_has_a_user_signs_in_first_and_keeps_the_password(alice, charlie):
    link = invite(alice, "charlie@elsewhere.example")
    before = charlie.user.password
    assert b"Sign in as charlie@elsewhere.example" in Client().post(link, NEW).content
    assert not Membership.objects.filter(workspace__slug="halden", user=charlie.user).exists()
    assert charlie.client.post(link).status_code == 302
    charlie.user.refresh_from_db()
    assert (membership(charlie).role, charlie.user.password) == ("seller", before)


def test_somebody_else_who_is_signed_in_cannot_take_the_link(alice, bob, charlie):
    link = invite(alice, "charlie@elsewhere.example")
    assert bob.client.post(link).status_code == 403
    assert membership(bob).role == "seller"
    assert Invitation.objects.get().ended_at is None


@pytest.mark.parametrize("end", ["removed", "demoted"])
def test_the_links_of_an_admin_end_with_the_role(alice, admin, end):
    link = invite(admin)
    kept = invite(alice, "erik@halden.example")
    mine = membership(admin)
    if end == "removed":
        assert actions.remove_member(mine, by=membership(alice)) == admin.user
    else:
        actions.change_role(mine, to="viewer", by=membership(alice))
    assert Client().post(link, NEW).status_code == 404
    assert not User.objects.filter(email="dora@halden.example").exists()
    assert Client().get(kept).status_code == 200


def test_the_link_leads_to_the_configured_address(alice, settings):
    settings.BASE_URL = "https://funnel.example"
    page = alice.client.post(MEMBERS, {"email": "dora@halden.example", "role": "viewer"}, headers={"Host": "localhost"})
    assert b"https://funnel.example/join/" in page.content


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"email": "dora", "role": "viewer"}, "like ada@example.org"),
        ({"email": "", "role": "viewer"}, "like ada@example.org"),
        ({"email": "bob@halden.example", "role": "viewer"}, "is a member already"),
        ({"email": "dora@halden.example", "role": "king"}, "Select a valid choice"),
    ],
)
def test_a_wrong_invitation_says_what_would_be_right(alice, bob, form, told):
    response = alice.client.post(MEMBERS, form)
    assert (response.status_code, Invitation.objects.count()) == (422, 0)
    assert told in response.content.decode()


def test_an_admin_can_neither_make_nor_touch_an_owner(admin, alice, bob):
    assert invite(admin, role="owner") == ""
    for path, form in [
        (f"{membership(bob).pk}/role/", {"role": "owner"}),
        (f"{membership(alice).pk}/role/", {"role": "viewer"}),
        (f"{membership(alice).pk}/remove/", {}),
    ]:
        page = admin.client.post(MEMBERS + path, form, follow=True)
        assert "Only an owner can" in page.content.decode()
    assert (membership(alice).role, membership(bob).role) == ("owner", "seller")
    assert not AuditEntry.objects.exists()


def test_the_last_owner_can_neither_be_removed_nor_demoted(alice, bob):
    mine = membership(alice).pk
    for path, form in [(f"{mine}/role/", {"role": "admin"}), (f"{mine}/remove/", {})]:
        assert "needs an owner" in alice.client.post(MEMBERS + path, form, follow=True).content.decode()
    assert membership(alice).role == "owner"
    alice.client.post(f"{MEMBERS}{membership(bob).pk}/role/", {"role": "owner"})
    alice.client.post(f"{MEMBERS}{mine}/role/", {"role": "viewer"})
    assert (membership(alice).role, membership(bob).role) == ("viewer", "owner")


def test_another_role_signs_the_member_out_everywhere(alice, bob):
    assert bob.client.get("/w/halden/settings/account/").status_code == 200
    alice.client.post(f"{MEMBERS}{membership(bob).pk}/role/", {"role": "viewer"})
    assert bob.client.get("/w/halden/settings/account/")["Location"].startswith("/sign-in/")


def test_who_is_removed_from_the_last_workspace_can_no_longer_sign_in(alice, bob):
    alice.client.post(f"{MEMBERS}{membership(bob).pk}/remove/")
    bob.user.refresh_from_db()
    assert (bob.user.is_active, bob.user.memberships.count()) == (False, 0)
    assert bob.client.get("/").status_code == 302
    sign_in = {"email": "bob@halden.example", "password": PASSWORD}
    assert Client().post("/sign-in/", sign_in).status_code == 422
    assert AuditEntry.objects.get().action == "remove_member"


def test_who_was_removed_can_be_invited_again_with_a_new_password(alice, bob):
    alice.client.post(f"{MEMBERS}{membership(bob).pk}/remove/")
    assert Client().post(invite(alice, "bob@halden.example"), NEW).status_code == 302
    bob.user.refresh_from_db()
    assert (bob.user.is_active, bob.user.check_password(NEW["password"])) == (True, True)


def test_who_is_a_member_elsewhere_stays_a_user(alice, charlie, workspace):
    charlie.joins(workspace, "viewer")
    alice.client.post(f"{MEMBERS}{membership(charlie).pk}/remove/")
    charlie.user.refresh_from_db()
    assert (charlie.user.is_active, charlie.user.memberships.count()) == (True, 1)


def test_each_change_is_in_the_audit_trail(alice, bob):
    Client().post(invite(alice), NEW)
    alice.client.post(f"{MEMBERS}{membership(bob).pk}/role/", {"role": "viewer"})
    done = [(entry.action, str(entry.user), entry.detail) for entry in AuditEntry.objects.order_by("pk")]
    assert done == [
        ("invite_member", "Alice", {"email": "dora@halden.example", "role": "seller"}),
        ("accept_invitation", "Dora", {"role": "seller"}),
        ("change_role", "Alice", {"email": "bob@halden.example", "role": ["seller", "viewer"]}),
    ]
    assert b"Change role" in alice.client.get("/w/halden/settings/audit/").content


def test_a_link_that_ran_out_stays_in_sight_and_a_new_one_takes_its_place(alice):
    token = invite(alice)
    Invitation.objects.update(expires_at=clock.now() - timedelta(hours=3))
    page = alice.client.get("/w/halden/settings/members/")
    assert "ended" in page.content.decode()
    assert "1 person uses" in page.content.decode()
    assert page.context["waiting"] == 0
    fresh = alice.client.post("/w/halden/settings/members/", {"email": "dora@halden.example", "role": "seller"})
    assert fresh.context["waiting"] == 1
    assert [one.email for one in fresh.context["invitations"]] == ["dora@halden.example"]
    assert token not in fresh.context["link"]


def test_an_admin_is_offered_no_role_that_an_admin_may_not_give(admin, alice):
    page = admin.client.get("/w/halden/settings/members/")
    assert [value for value, _ in page.context["roles"]] == ["admin", "marketer", "seller", "viewer"]
    assert '<option value="owner"' not in page.content.decode()
    assert "changed by owners only" in page.content.decode()
    assert '<option value="owner"' in alice.client.get("/w/halden/settings/members/").content.decode()
