"""A form that hands over makes a hand-over of whoever sent it just now; nobody else's word does."""

from datetime import timedelta

from fullfunnel.core import clock
from fullfunnel.crm.models import HandOver
from fullfunnel.forms.actions import submit_form
from fullfunnel.forms.came import Came
from fullfunnel.forms.nonces import Nonce
from fullfunnel.forms.telling import Past, Told
from fullfunnel.forms.tests.kit import published
from fullfunnel.people.record import record
from tests.kit.cast import drain


def submitted(person, website, **further):
    said = {"form": "Demo", "form_id": "f-1", **further}
    event = record(person, "form_submitted", by=None, said_by=website, properties=said)
    drain()
    return event


def test_a_form_that_hands_over_does(known, website):
    event = submitted(known[0], website, hands_over="1")
    made = HandOver.objects.get()
    assert (made.person, made.cause_event, made.form, made.outcome) == (known[0], event, "Demo", "waiting")
    assert (made.why, made.engagement) == (
        [{"text": "Sent the form Demo", "points": 40, "of": "engagement"}], 40
    )  # fmt: skip


def test_another_form_does_not(known, website):
    submitted(known[0], website)
    assert HandOver.objects.count() == 0


def test_a_form_that_was_sent_two_days_ago_does_not(known, website):
    at = clock.to_us(clock.now() - timedelta(days=2))
    record(known[0], "form_submitted", by=None, said_by=website, at=at, properties={"hands_over": "1"})
    drain()
    assert HandOver.objects.count() == 0


def test_what_a_browser_calls_handing_over_is_kept_as_its_word(known, website):
    from fullfunnel.capture.dialects.fields import Request
    from fullfunnel.capture.dialects.segment import arrival_of

    item = {"type": "track", "event": "form_submitted", "anonymousId": "a", "properties": {"hands_over": "1"}}
    assert arrival_of(item, Request(clock.now_us(), "web")).properties == {"sent.hands_over": "1"}


def test_a_submission_of_the_past_hands_nobody_over(workspace):
    form = published(workspace)
    at = clock.now() - timedelta(hours=2)
    nonce = Nonce("0" * 32, form.public_id, 1, clock.to_us(at))
    told = Told(nonce, Came(), "", "", past=Past(at))
    answers = {"name": "Lena", "email": "lena@klinik.example", "message": "Hello", "consent": True}
    sent = submit_form(form, version=form.versions.get(), answers=answers, told=told, by=None)
    drain()
    assert sent.sent_at == at
    assert HandOver.objects.count() == 0
