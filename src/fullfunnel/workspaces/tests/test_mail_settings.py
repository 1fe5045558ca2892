"""Settings, Mail: who may set it up, a test with the server's own words, and what became of the last mails."""

import pytest

from fullfunnel.core.directory import RESTORED, SIGN_IN_OF_DEMO
from fullfunnel.core.mail.models import MailServer, QueuedMail
from fullfunnel.core.mail.queue import Mail, queue_mail
from fullfunnel.core.mail.servers import relay_of
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.mail import set_up_mail, smtp_sink

HERE = "/w/halden/settings/mail/"
PASSWORD = "correct horse"
FORM = {
    "host": "smtp.example.com", "port": "587", "security": "starttls", "username": "halden", "password": PASSWORD,
    "sender_name": "Halden", "sender_address": "office@halden.example",
}  # fmt: skip


@pytest.fixture
def sink(workspace):
    with smtp_sink() as sink:
        set_up_mail(sink.port)
        yield sink


def page(member, path=HERE):
    return " ".join(member.client.get(path).content.decode().split())


def test_an_owner_sets_the_server_up_and_the_password_is_shown_nowhere(alice):
    assert "No mail leaves this installation yet" in page(alice)
    assert alice.client.post(HERE, FORM)["Location"] == HERE
    [server] = MailServer.objects.all()
    assert relay_of(server).password == PASSWORD
    assert server.links_to == "http://testserver"
    shown = page(alice)
    assert "Mail goes through smtp.example.com, from office@halden.example" in shown
    assert PASSWORD not in shown
    entry = AuditEntry.objects.get(action="set_mail_server")
    assert entry.detail == {
        "host": "smtp.example.com", "port": 587, "security": "starttls", "sender": "office@halden.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"host": "smtp.example.com:25"}, "Write the name of a mail server"),
        ({"port": "x"}, "Enter a whole number"),
        ({"security": "none"}, "Without encryption anybody on the way reads the password"),
        ({"sender_address": "a@b.example, c@d.example"}, "Write the one address"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_kept(alice, wrong, sentence):
    answer = alice.client.post(HERE, FORM | wrong)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not MailServer.objects.exists()


def test_a_test_goes_to_whoever_asks_and_shows_what_the_server_answered(alice, sink):
    assert alice.client.post(HERE + "test/")["Location"] == HERE
    [(recipients, message)] = sink.mails
    assert recipients == ["alice@halden.example"]
    assert message["Subject"] == "A test from Halden"
    shown = page(alice)
    assert "The server took it" in shown
    assert "127.0.0.1 answered: 250 2.0.0 queued as 4711" in shown


def test_a_refused_test_shows_the_reason(alice, sink):
    sink.says["RCPT"] = "550 5.7.1 relaying denied"
    alice.client.post(HERE + "test/")
    shown = page(alice)
    assert "Not sent" in shown
    assert "127.0.0.1 answered: 550 5.7.1 relaying denied" in shown


def test_without_a_server_a_test_is_refused(alice):
    alice.client.post(HERE + "test/")
    assert "No mail server is set up" in page(alice)
    assert not QueuedMail.objects.exists()


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        (RESTORED, "This is a restored copy, which sends nothing"),
        (SIGN_IN_OF_DEMO, "This is a demo, which sends nothing"),
    ],
)
def test_the_page_of_a_demo_or_a_copy_says_that_it_sends_nothing(alice, sink, data_dir, marker, sentence):
    (data_dir / marker).write_text("{}")
    assert page(alice).count(sentence) == 1
    alice.client.post(HERE + "test/")
    assert sentence in page(alice)
    assert sink.mails == []
    assert QueuedMail.objects.get().state == "not_sent"


def test_only_the_first_workspaces_admins_change_the_server_and_see_its_mails(alice, charlie, sink, workspace):
    from fullfunnel.workspaces.actions import create_workspace

    other = create_workspace("Other", owner=charlie.user, by=None)
    queue_mail(Mail("bob@halden.example", "A lead", "x", "x", workspace_id=workspace.pk))
    queue_mail(Mail("gus@other.example", "A lead", "x", "x", workspace_id=other.pk))
    queue_mail(Mail("ida@halden.example", "Password link", "x", "x"))
    theirs, ours = page(charlie, "/w/other/settings/mail/"), page(alice)
    assert "gus@other.example" in theirs
    assert "bob@halden.example" not in theirs
    assert "ida@halden.example" not in theirs
    assert "bob@halden.example" in ours
    assert "ida@halden.example" in ours
    assert "gus@other.example" not in ours
    for path, form in (("", FORM), ("test/", {}), ("remove/", {})):
        charlie.client.post(f"/w/other/settings/mail/{path}", form)
    assert MailServer.objects.get().host == "127.0.0.1"
    assert sink.mails == []
    assert "set up by the owners and admins of this installation" in page(charlie, "/w/other/settings/mail/")


def test_sending_no_mail_takes_the_server_and_its_password_away(alice, sink):
    alice.client.post(HERE + "remove/")
    assert not MailServer.objects.exists()
    assert "No mail goes through 127.0.0.1 any more." in page(alice)
    assert AuditEntry.objects.filter(action="remove_mail_server").count() == 1
