"""A forgotten password: the same answer for everybody, a link that works once, and what ends when it was used."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.core.mail.models import QueuedMail
from fullfunnel.workspaces.entry.password_links import SALT, password_token
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.cast import PASSWORD
from tests.kit.mail import send_all, set_up_mail, smtp_sink

NEW = "wandering albatross"
ASK = "/forgot-password/"
HOUR = timedelta(hours=1)


@pytest.fixture
def sink(workspace):
    with smtp_sink() as sink:
        set_up_mail(sink.port)
        yield sink


def ask(email, client=None):
    return (client or Client()).post(ASK, {"email": email})


def link_in(text):
    found = re.search(r"http://localhost:8000(/new-password/\S+)", text)
    assert found
    return found[1]


def signs_in(password):
    return Client().post("/sign-in/", {"email": "alice@halden.example", "password": password}).status_code == 302


@pytest.fixture
def link(alice, sink):
    ask("Alice@Halden.example ")
    send_all()
    return link_in(sink.texts[-1])


def test_a_link_comes_by_mail_sets_a_password_and_a_mail_tells_so(alice, sink, link):
    assert sink.mails[0][0] == ["alice@halden.example"]
    done = Client().post(link, {"new": NEW}, follow=True)
    assert "Your password was changed, and you were signed out everywhere." in done.content.decode()
    assert signs_in(NEW)
    assert not signs_in(PASSWORD)
    send_all()
    assert "The password of alice@halden.example at fullfunnel was changed just now" in sink.texts[-1]


def test_opening_the_link_changes_nothing_and_shows_a_form(alice, link):
    for _ in range(3):
        answer = Client().get(link)
        assert answer.status_code == 200
        assert 'name="new"' in answer.content.decode()
    assert signs_in(PASSWORD)


def test_a_link_works_once(alice, link):
    Client().post(link, {"new": NEW})
    assert Client().get(link).status_code == 404
    assert Client().post(link, {"new": "another albatross"}).status_code == 404
    assert signs_in(NEW)


def test_every_session_ends_with_the_old_password(alice, link):
    assert alice.client.get("/w/halden/settings/account/").status_code == 200
    Client().post(link, {"new": NEW})
    assert alice.client.get("/w/halden/settings/account/").status_code == 302


def test_a_weak_password_is_refused_and_the_link_stays_good(alice, link):
    answer = Client().post(link, {"new": "short"})
    assert answer.status_code == 422
    assert "at least 10 characters" in answer.content.decode()
    assert signs_in(PASSWORD)
    assert Client().post(link, {"new": NEW}).status_code == 302


def test_after_an_hour_a_link_is_dead(alice, link):
    with clock.frozen(clock.now() + HOUR):
        assert Client().post(link, {"new": NEW}).status_code == 404
    assert signs_in(PASSWORD)


def test_a_forged_link_and_one_of_somebody_deactivated_are_dead(alice, bob):
    ends = int((clock.now() + HOUR).timestamp())
    said = {"user": alice.user.public_id, "ends": ends, "of": "0" * 32}
    right = password_token(bob.user, lasts=HOUR)
    bob.user.is_active = False
    bob.user.save()
    for token in ("x", signing.dumps(said, salt=SALT), signing.dumps(said, salt="another"), right, right[:-1]):
        assert Client().post(f"/new-password/{token}/", {"new": NEW}).status_code == 404
    assert signs_in(PASSWORD)


def test_known_and_unknown_addresses_get_the_same_answer(alice, sink):
    known, unknown = ask("alice@halden.example"), ask("nobody@halden.example")
    assert (known.status_code, unknown.status_code) == (200, 200)
    texts = [re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode()) for answer in (known, unknown)]
    assert texts[0].replace("alice@", "nobody@") == texts[1]
    assert [mail.recipient for mail in QueuedMail.objects.all()] == ["alice@halden.example"]


def test_at_most_three_links_an_hour_go_to_one_mailbox(alice, sink):
    for _ in range(5):
        assert ask("alice@halden.example").status_code == 200
    assert QueuedMail.objects.count() == 3


@pytest.mark.parametrize("email", ["alice@halden.example", "nobody@halden.example"])
def test_who_asks_again_and_again_has_to_wait_whether_known_or_not(alice, sink, email):
    with clock.frozen(clock.now()):
        answers = [ask(email).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


def test_without_mail_the_page_says_who_helps_and_nothing_is_queued(alice):
    assert "This installation sends no mail" in Client().get(ASK).content.decode()
    ask("alice@halden.example")
    assert not QueuedMail.objects.exists()


def members_page(member, target):
    return f"/w/halden/settings/members/{target.user.memberships.get(workspace__slug='halden').pk}/password-link/"


def test_an_admin_makes_a_link_for_a_member_which_is_shown_once(alice, bob):
    shown = alice.client.post(members_page(alice, bob)).content.decode()
    found = re.search(r"http://testserver(/new-password/[^<]+/)", shown)
    assert found
    assert AuditEntry.objects.get(action="make_password_link").detail == {"email": "bob@halden.example"}
    assert "/new-password/" not in alice.client.get("/w/halden/settings/members/").content.decode()
    with clock.frozen(clock.now() + timedelta(hours=23)):
        assert Client().post(found[1], {"new": NEW}).status_code == 302
    bob.user.refresh_from_db()
    assert bob.user.check_password(NEW)


def test_nobody_makes_a_link_for_an_owner_or_for_who_is_elsewhere_too(alice, bob, charlie, workspace):
    from fullfunnel.workspaces.actions import create_workspace
    from fullfunnel.workspaces.models import Membership

    Membership.objects.filter(user=bob.user).update(role="admin")
    answer = bob.client.post(members_page(bob, alice), follow=True).content.decode()
    assert "Only an owner can change or remove an owner." in answer
    charlie.joins(workspace, "viewer")
    create_workspace("Other", owner=charlie.user, by=None)
    answer = alice.client.post(members_page(alice, charlie), follow=True).content.decode()
    assert "This member is in another workspace too" in answer
    assert "/new-password/" not in answer
    assert not AuditEntry.objects.filter(action="make_password_link").exists()


@pytest.mark.parametrize("what", ["demoted", "removed", "elsewhere"])
def test_a_link_dies_when_its_maker_may_make_it_no_more(alice, bob, carol, workspace, what):
    from fullfunnel.workspaces.actions import create_workspace
    from fullfunnel.workspaces.models import Membership

    admin = Membership.objects.filter(workspace=workspace, user=carol.user)
    admin.update(role="admin")
    shown = carol.client.post(members_page(carol, bob)).content.decode()
    link = re.search(r"http://testserver(/new-password/[^<]+/)", shown)[1]
    assert Client().get(link).status_code == 200
    if what == "demoted":
        admin.update(role="viewer")
    elif what == "removed":
        admin.delete()
    else:
        create_workspace("Other", owner=bob.user, by=None)
    assert [Client().get(link).status_code, Client().post(link, {"new": NEW}).status_code] == [404, 404]
    bob.user.refresh_from_db()
    assert bob.user.check_password(PASSWORD)


def test_changing_the_password_on_the_account_page_is_told_by_mail_too(alice, sink):
    alice.client.post("/w/halden/settings/account/", {"old": PASSWORD, "new": NEW})
    send_all()
    assert [recipients for recipients, _ in sink.mails] == [["alice@halden.example"]]
    assert "was changed just now" in sink.texts[0]
