"""Double opt-in: a yes counts once its button was pressed; scanners, impatience and age change nothing."""

from datetime import timedelta

import pytest
from django.test import Client

from fullfunnel.core import clock
from fullfunnel.core.mail.models import QueuedMail
from fullfunnel.messaging.actions import Asking, archive_topic, ask_opt_in, confirm_opt_in, unsubscribe_person
from fullfunnel.messaging.links import confirm_link
from fullfunnel.messaging.models import OptIn
from fullfunnel.messaging.standing import standings_of
from fullfunnel.people.actions import forget_person
from fullfunnel.people.models import Consent
from tests.kit.outbox import recorded
from tests.kit.refusals import refusal_of

ASKING = Asking("ada@acme.example", "form: Newsletter", "Send me the note", "2")
DAY = timedelta(days=1)


def path_of(opt_in):
    return "/confirm/" + confirm_link(opt_in).partition("/confirm/")[2]


def state_of(person, topic):
    return standings_of(person, [topic])[0].state


@pytest.fixture
def asked(known, note, can_mail):
    return ask_opt_in(known, topic=note, asking=ASKING, by=None)


def test_asking_sends_one_mail_with_a_link_and_is_no_consent_yet(asked, known, note, workspace):
    mail = QueuedMail.objects.get()
    assert (mail.recipient, mail.subject, mail.person_id) == (
        "ada@acme.example",
        "Please confirm: Monthly note",
        known.pk,
    )
    assert confirm_link(asked) in mail.text
    assert state_of(known, note) == "asked"
    assert not Consent.objects.filter(person=known, given=True).exists()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_opens_the_link_confirms_nothing(asked, known, note, method):
    scanner = Client(enforce_csrf_checks=True)
    assert getattr(scanner, method)(path_of(asked)).status_code == 200
    assert state_of(known, note) == "asked"
    assert not scanner.cookies


def test_pressing_the_button_confirms_once_with_text_and_proof(asked, known, note, workspace):
    browser = Client(enforce_csrf_checks=True)
    assert "Do you want Monthly note?" in browser.get(path_of(asked)).content.decode()
    assert "Confirmed" in browser.post(path_of(asked)).content.decode()
    assert "Confirmed" in browser.post(path_of(asked)).content.decode()
    consent = Consent.objects.get(person=known, purpose="monthly-note")
    assert (consent.given, consent.source, consent.text_version) == (True, "form: Newsletter, confirmed by mail", "2")
    (event,) = recorded(workspace, "newsletter_confirmed")
    assert event.properties["list"] == "monthly-note"
    assert event.actor == "person"
    assert state_of(known, note) == "yes"


def test_after_seven_days_a_new_link_is_offered_and_sent(asked, known, note):
    browser = Client()
    with clock.frozen(clock.now() + 8 * DAY):
        assert "Send a new link" in browser.get(path_of(asked)).content.decode()
        assert "This link is over" in browser.post(path_of(asked)).content.decode()
        assert state_of(known, note) == "no"
        assert "Look into your mailbox" in browser.post(path_of(asked), {"again": "1"}).content.decode()
        newest = OptIn.objects.latest("pk")
        assert newest != asked
        assert "Confirmed" in browser.post(path_of(newest)).content.decode()
    assert QueuedMail.objects.count() == 2


def test_asked_again_at_once_no_second_mail_goes_and_never_more_than_three(asked, known, note):
    for minutes in (1, 10, 20, 30, 40):
        with clock.frozen(asked.asked_at + timedelta(minutes=minutes)):
            assert ask_opt_in(known, topic=note, asking=ASKING, by=None) == asked
    assert QueuedMail.objects.count() == 3


def test_who_agreed_is_asked_nothing(asked, known, note):
    confirm_opt_in(asked, by=None)
    said = refusal_of(lambda: ask_opt_in(known, topic=note, asking=ASKING, by=None), [OptIn, QueuedMail])
    assert said == "They agreed to it already."


def test_who_unsubscribed_has_to_confirm_again(asked, known, note):
    confirm_opt_in(asked, by=None)
    unsubscribe_person(known, topic=note, source="told Bob", by=None)
    again = ask_opt_in(known, topic=note, asking=ASKING, by=None)
    assert again != asked
    assert (state_of(known, note), QueuedMail.objects.count()) == ("asked", 2)


def test_a_link_that_was_asked_before_leaving_is_over(asked, known, note):
    unsubscribe_person(known, topic=None, source="told Bob", by=None)
    assert "This link is over" in Client().post(path_of(asked)).content.decode()
    assert state_of(known, note) == "no"


def test_an_archived_topic_is_refused(known, note, can_mail):
    archive_topic(note, is_archived=True, by=None)
    said = refusal_of(lambda: ask_opt_in(known, topic=note, asking=ASKING, by=None), [OptIn, QueuedMail])
    assert said == "This topic is not offered any more."


def test_a_forged_link_and_that_of_an_erased_person_say_the_same(asked, known):
    address = path_of(asked)
    forget_person(known, by=None)
    erased, forged = (Client().post(path).content.decode() for path in (address, "/confirm/nonsense/"))
    assert erased == forged
    assert "Nothing is sent to you by this link" in forged
    assert OptIn.objects.count() == 0
