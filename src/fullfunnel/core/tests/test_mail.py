"""Mail to our own users: queued with its cause, handed over once by a real SMTP server, its outcome kept."""

import socket
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.mail import sending
from fullfunnel.core.mail.models import MailServer, QueuedMail
from fullfunnel.core.mail.queue import Mail, erase_mails_about, queue_mail
from fullfunnel.core.mail.servers import ServerSaid, keep_server, relay_of, remove_server
from fullfunnel.core.refused import Refused
from tests.kit.mail import send_all, set_up_mail, smtp_sink
from tests.kit.server import free_port

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(data_dir):
    with smtp_sink() as sink:
        set_up_mail(sink.port)
        yield sink


def queued(to="bob@halden.example", **further):
    mail = queue_mail(Mail(to, "A lead", "Ada waits", "Ada Brenner waits for you.", **further))
    assert isinstance(mail, QueuedMail)
    return mail


def outcome(mail):
    mail.refresh_from_db()
    return mail.state, mail.answer


def test_a_queued_mail_is_handed_over_and_only_its_outcome_is_kept(sink):
    mail = queued()
    assert sink.mails == []
    send_all()
    [(recipients, message)] = sink.mails
    assert recipients == ["bob@halden.example"]
    assert message["Subject"] == "Ada waits"
    assert sink.texts == ["Ada Brenner waits for you.\n"]
    assert outcome(mail) == ("sent", "127.0.0.1 answered: 250 2.0.0 queued as 4711")
    assert (mail.subject, mail.text, mail.recipient) == ("", "", "bob@halden.example")
    send_all()
    assert len(sink.mails) == 1


def test_what_is_rolled_back_is_not_sent(sink):
    with transaction.atomic():
        queued()
        transaction.set_rollback(True)
    send_all()
    assert sink.mails == []


def test_without_a_server_nothing_is_queued(data_dir):
    refused = queue_mail(Mail("bob@halden.example", "A lead", "Ada", "Ada"))
    assert isinstance(refused, Refused)
    assert refused.sentence == "No mail server is set up (Settings, Mail)."
    assert not QueuedMail.objects.exists()


def test_two_addresses_in_one_are_refused_and_nothing_is_queued(sink):
    refused = queue_mail(Mail("bob@halden.example, victim@example.com", "A lead", "Ada", "Ada"))
    assert isinstance(refused, Refused)
    assert not QueuedMail.objects.exists()


def test_a_refused_recipient_fails_alone_and_for_good(sink):
    sink.says["gone@halden.example"] = "550 5.1.1 no such user"
    gone, bob = queued("gone@halden.example"), queued()
    send_all()
    assert outcome(gone) == ("not_sent", "127.0.0.1 answered: 550 5.1.1 no such user")
    assert outcome(bob)[0] == "sent"
    assert (gone.tries, gone.text) == (1, "")


def test_a_busy_server_is_asked_again_later_each_time_and_given_up_when_it_is_too_late(sink):
    sink.says["RCPT"] = "451 4.3.0 try again"
    with clock.frozen(NOON):
        mail = queue_mail(Mail("bob@halden.example", "A lead", "Ada", "Ada"), late_after=timedelta(minutes=20))
    at, waits = NOON, []
    while outcome(mail)[0] == "waiting":
        with clock.frozen(at):
            send_all()
        mail.refresh_from_db()
        waits.append((mail.due_at - at) // timedelta(minutes=1))
        at = mail.due_at
    assert waits[:2] == [1, 5]
    answer = "Too late: it could not be handed over in time. 127.0.0.1 answered: 451 4.3.0 try again"
    assert outcome(mail) == ("not_sent", answer)
    assert mail.tries == 3
    assert sink.mails == []


def test_a_server_that_comes_back_gets_the_same_message_id(sink):
    sink.says["DATA"] = "421 4.3.2 shutting down"
    mail = queued()
    send_all()
    assert outcome(mail) == ("waiting", "127.0.0.1 answered: 421 4.3.2 shutting down")
    sink.says.clear()
    with clock.frozen(mail.due_at):
        send_all()
    assert outcome(mail)[0] == "sent"
    first, second = (message["Message-ID"] for _, message in sink.mails)
    assert first == second == f"<{mail.message_key}@halden.example>"


def test_nobody_answering_is_said_and_tried_again(data_dir):
    port = free_port()
    set_up_mail(port)
    mail = queued()
    send_all()
    assert outcome(mail) == ("waiting", f"Nothing answers at 127.0.0.1:{port}.")
    assert mail.text == "Ada Brenner waits for you."


def test_a_server_without_encryption_is_not_spoken_to_in_the_clear(sink):
    set_up_mail(sink.port, security="starttls", username="halden", password="correct horse")
    mail = queued()
    send_all()
    state, answer = outcome(mail)
    assert state == "waiting"
    assert answer.startswith(f"127.0.0.1:{sink.port} does not encrypt (STARTTLS)")
    set_up_mail(sink.port, security="tls")
    with clock.frozen(mail.due_at):
        send_all()
    assert (
        outcome(mail)[1] == f"127.0.0.1:{sink.port} does not speak TLS from the start: try STARTTLS, usual on port 587."
    )
    assert sink.mails == []


@contextmanager
def server_that_hangs_up_after_data():
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve():
            connection, _ = listening.accept()
            with connection, connection.makefile("rwb") as lines:
                lines.write(b"220 here\r\n")
                lines.flush()
                while line := lines.readline():
                    word = line.split(b" ")[0].strip().upper()
                    lines.write(b"354 go on\r\n" if word == b"DATA" else b"250 fine\r\n")
                    lines.flush()
                    if word == b"DATA":
                        while lines.readline() != b".\r\n":
                            pass
                        return

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_a_line_that_breaks_after_the_mail_was_given_is_uncertain_and_never_sent_again(data_dir):
    with server_that_hangs_up_after_data() as port:
        set_up_mail(port)
        mail = queued()
        send_all()
    assert outcome(mail) == ("uncertain", "127.0.0.1 hung up before it said whether it took the mail.")
    with smtp_sink() as sink, clock.frozen(clock.now() + timedelta(hours=2)):
        set_up_mail(sink.port)
        send_all()
        assert sink.mails == []


def test_a_crash_after_the_claim_leaves_it_uncertain(sink):
    mail = queued()
    assert sending.claim(mail)
    assert not sending.claim(mail), "nobody else gets it"
    send_all()
    assert outcome(mail)[0] == "handing_over"
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        send_all()
    assert outcome(mail) == ("uncertain", "The program ended while it was handed over: it may have arrived.")
    assert sink.mails == []


def test_a_mail_whose_server_was_taken_away_is_not_sent(sink):
    mail = queued()
    assert remove_server()
    send_all()
    assert outcome(mail) == ("not_sent", "No mail server is set up (Settings, Mail).")


def test_a_mail_about_somebody_goes_with_them(sink):
    about, other = queued(person_id=7), queued(person_id=8)
    erase_mails_about([7])
    send_all()
    assert not QueuedMail.objects.filter(pk=about.pk).exists()
    assert outcome(other)[0] == "sent"
    assert len(sink.mails) == 1


def test_outcomes_are_forgotten_after_30_days(sink):
    mail = queued()
    send_all()
    sending.forget_mails()
    assert QueuedMail.objects.filter(pk=mail.pk).exists()
    with clock.frozen(clock.now() + timedelta(days=31)):
        sending.forget_mails()
    assert not QueuedMail.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("host", "smtp.example.com:25", "host"),
        ("host", "", "host"),
        ("port", 0, "port"),
        ("security", "ssl3", "security"),
        ("sender_address", "a@b.example, c@d.example", "sender_address"),
        ("username", "halden\r\nRSET", "username"),
        ("username", "halden", "security"),
    ],
)
def test_a_server_that_cannot_be_is_refused_at_its_field(data_dir, field, value, named):
    said = ServerSaid("smtp.example.com", 587, "none", "", "", "Halden", "office@halden.example")
    refused = keep_server(ServerSaid(**(vars(said) | {field: value})), links_to="http://localhost:8000")
    assert isinstance(refused, Refused)
    assert refused.field == named
    assert not MailServer.objects.exists()


def test_a_password_is_sealed_and_goes_to_no_other_host(data_dir):
    set_up_mail(25, username="halden", password="correct horse")
    [server] = MailServer.objects.all()
    assert "correct horse" not in server.sealed_password
    assert relay_of(server).password == "correct horse"
    set_up_mail(26, username="halden")
    server.refresh_from_db()
    assert (server.port, relay_of(server).password) == (26, "correct horse"), "left empty it stays"
    set_up_mail(26, username="halden", host="elsewhere.example", security="tls")
    server.refresh_from_db()
    assert relay_of(server).password == ""


def test_a_password_of_another_secret_key_is_asked_for_again(sink, settings):
    set_up_mail(sink.port, username="halden", password="correct horse")
    settings.SECRET_KEY = "another"
    mail = queued()
    send_all()
    said = "The password was kept under another secret key: type it again in Settings, Mail."
    assert outcome(mail) == ("waiting", said)
