"""A box for a topic asks by mail: what is ticked is no consent before it is confirmed."""

from fullfunnel.forms.actions import add_field, change_field, publish_form
from fullfunnel.forms.tests.kit import LENA, Browser, content_of, published
from fullfunnel.messaging.actions import create_topic
from fullfunnel.messaging.models import OptIn
from fullfunnel.people.models import Consent
from tests.kit.mail import set_up_mail


def test_a_ticked_box_on_a_form_asks_by_mail_and_an_empty_one_does_not(workspace):
    set_up_mail(2525)
    create_topic(workspace, name="Monthly note", by=None)
    form = published(workspace)
    add_field(form, kind="consent", after="", by=None)
    box = content_of(form).fields[-1]
    change_field(form, field=type(box)(**vars(box) | {"purpose": "monthly-note", "label": "Send me the note"}), by=None)
    publish_form(form, by=None)
    browser = Browser(form)
    browser.opens()
    browser.sends(LENA)
    assert OptIn.objects.count() == 0
    other = Browser(form, ip="203.0.113.10")
    other.opens()
    other.sends(LENA | {f"f.{box.key}": "1", "f.email": "nora@klinik.example"})
    opt_in = OptIn.objects.get()
    assert (opt_in.address, opt_in.source, opt_in.text) == ("nora@klinik.example", "form: Contact", "Send me the note")
    assert not Consent.objects.filter(person=opt_in.person, purpose="monthly-note").exists()
    assert Consent.objects.get(person=opt_in.person, purpose="request").given
