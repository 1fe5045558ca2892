"""What somebody sends is a row and an event, once; it is a claim, and overwrites nothing."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.events.store import open_store
from fullfunnel.forms.actions import change_field, create_form, publish_form
from fullfunnel.forms.fields import Field
from fullfunnel.forms.models import RefusedSubmissions, Submission
from fullfunnel.forms.tests.kit import LENA, Browser, content_of, published
from fullfunnel.people.models import LISTED, Consent, Identity, Person
from tests.kit.cast import drain


def events(name=None):
    rows = open_store().ask(lambda d: "SELECT * FROM events ORDER BY seq")
    return [row for row in rows if name is None or row["name"] == name]


def refused():
    return dict(RefusedSubmissions.objects.values_list("reason", "count"))


@pytest.fixture
def form(workspace):
    return published(workspace)


@pytest.fixture
def browser(form):
    found = Browser(form)
    found.opens()
    return found


def test_a_submission_is_a_row_a_person_and_an_event(form, browser):
    answer = browser.sends(LENA | {"f.phone": "030 901820"})
    assert (answer.status_code, "Thank you" in answer.content.decode(), answer.cookies) == (200, True, {})
    submission = Submission.objects.get()
    assert submission.answers == {
        "name": "Lena Gruber", "email": "lena@klinik-gruenwald.example", "phone": "+4930901820", "message": "Call me",
        "consent": True,
    }  # fmt: skip
    person = submission.person
    assert (person.name, person.email, person.is_identified) == ("Lena Gruber", LENA["f.email"], False)
    assert person.traits["phone"] == "+4930901820"
    (event,) = events("form_submitted")
    said = dict(event["properties"])
    assert (said["form"], said["form_id"], said["hands_over"]) == ("Contact", form.public_id, "1")
    assert said["submission"] == submission.public_id
    assert Identity.objects.get(pk=event["identity_id"]).person == person
    assert (event["actor"], event["device"]) == ("person", "desktop")
    assert "Call me" not in str(event), "an event never holds what was typed"


def test_what_happened_in_the_page_is_the_persons_too(browser):
    browser.sends(LENA)
    told = [row for row in events() if row["name"].startswith("form_")]
    assert [row["name"] for row in told] == ["form_viewed", "form_started", "form_submitted"]
    owners = {Identity.objects.get(pk=row["identity_id"]).person for row in told}
    assert owners == {Submission.objects.get().person}
    assert len({row["session_id"] for row in told}) == 1


def test_a_hundred_identical_posts_are_one_submission_and_the_same_answer(browser):
    pages = {browser.sends(LENA).content for _ in range(100)}
    assert (Submission.objects.count(), len(events("form_submitted")), len(pages)) == (1, 1, 1)


def test_the_same_person_another_day_is_a_second_submission(form, browser):
    browser.sends(LENA)
    with clock.frozen(clock.now() + timedelta(days=1)):
        browser.opens()
        browser.sends(LENA)
    assert (Submission.objects.count(), Person.objects.filter(LISTED).count()) == (2, 1)


def test_a_form_overwrites_nothing_and_fills_what_is_empty(form, browser, server):
    from fullfunnel.people.actions import identify_person

    known = {"name": "Ada Lovelace", "company_name": "Acme"}
    ada = identify_person(form.workspace, identifiers=[("email", LENA["f.email"])], traits=known, by=None)
    browser.sends(LENA | {"f.phone": "+49 30 901820"})
    ada.refresh_from_db()
    assert ada.traits == known | {"email": LENA["f.email"], "phone": "+4930901820"}
    assert Submission.objects.get().person == ada


def test_two_people_behind_one_address_of_the_network_are_two(form):
    for name in ("ada", "ben"):
        browser = Browser(form, ip="198.51.100.4")
        browser.opens()
        browser.sends(LENA | {"f.name": name, "f.email": f"{name}@klinik.example"})
    assert Person.objects.filter(LISTED).count() == 2


def test_two_people_at_one_tablet_are_two_and_neither_becomes_the_other(form):
    for name in ("ada", "ben", "ada"):
        browser = Browser(form)
        browser.opens("?ff.anon=tablet-of-the-fair")
        browser.sends(LENA | {"f.name": name, "f.email": f"{name}@klinik.example"})
    people = Person.objects.filter(LISTED).order_by("pk")
    assert [person.name for person in people] == ["ada", "ben"]
    assert list(Submission.objects.order_by("pk").values_list("person__name", flat=True)) == ["ada", "ben", "ada"]


def test_who_was_seen_on_the_site_before_is_the_same_person(form, ada):
    ada.visits("/pricing?utm_source=linkedin&utm_medium=cpc")
    browser = Browser(form)
    browser.opens(f"?ff.anon={ada.anonymous}&ff.session=visit-1")
    browser.sends(LENA)
    assert ada.person == Submission.objects.get().person
    assert events("form_submitted")[0]["session_id"] == "visit-1"


def test_where_somebody_came_from_is_kept_and_told(form):
    browser = Browser(form)
    url = "?utm_source=Google&utm_medium=cpc&utm_campaign=autumn&gclid=abc-1&mc_eid=person"
    browser.opens(url, Referer="https://www.google.com/")
    browser.sends(LENA)
    came = Submission.objects.get().came
    assert (came["source"], came["medium"], came["campaign"], came["gclid"]) == ("google", "cpc", "autumn", "abc-1")
    assert came["referrer"] == "https://www.google.com/"
    assert "mc_eid" not in str(came)
    (event,) = events("form_submitted")
    assert (event["source"], event["campaign"], event["channel"]) == ("google", "autumn", "Paid Search")


def test_the_first_page_that_the_embed_saw_counts_where_no_ff_js_is(form):
    browser = Browser(form)
    first = "https%3A%2F%2Fhalden.example%2F%3Futm_source%3Dnews%26utm_medium%3Demail"
    browser.opens(f"?embed=1&ff.url=https%3A%2F%2Fhalden.example%2Fdemo&ff.first={first}&ff.firstref=")
    browser.sends(LENA)
    assert Submission.objects.get().came == {
        "url": "https://halden.example/demo", "first_url": "https://halden.example/?utm_source=news&utm_medium=email",
        "source": "news", "medium": "email",
    }  # fmt: skip
    assert events("form_submitted")[0]["channel"] == "Email"


def test_a_consent_is_kept_with_the_text_that_stood_there(form, browser):
    before = content_of(form).field("consent").label
    change_field(
        form, field=Field("consent", "consent", "You may write to me", purpose="email", required=True), by=None
    )
    publish_form(form, by=None)
    browser.sends(LENA)
    submission = Submission.objects.get()
    assert submission.version.number == 1
    assert submission.consents == [{"purpose": "request", "given": True, "text": before, "version": 1}]
    consent = Consent.objects.get()
    assert (consent.purpose, consent.given, consent.source, consent.text_version) == (
        "request", True, "form: Contact", "1",
    )  # fmt: skip
    assert content_of(form).field("consent").text_version == 2


def test_a_filled_trap_looks_taken_and_leaves_a_count(browser):
    answer = browser.sends(LENA | {"website": "https://spam.example"})
    assert "Thank you" in answer.content.decode()
    assert (Submission.objects.count(), Person.objects.count(), events(), refused()) == (0, 0, [], {"trap": 1})


def test_a_bot_looks_taken_and_leaves_a_count(form):
    bot = Browser(form, agent="Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    bot.opens("?ff.url=https%3A%2F%2Fhalden.example%2F")
    assert "Thank you" in bot.sends(LENA).content.decode()
    assert (Submission.objects.count(), refused()) == (0, {"bot": 1})


def test_what_is_sent_at_once_is_asked_for_again_and_nothing_typed_is_lost(browser):
    answer = browser.sends(LENA, after=1)
    page = answer.content.decode()
    assert (answer.status_code, "That was quick" in page, 'value="Lena Gruber"' in page) == (422, True, True)
    assert (Submission.objects.count(), Person.objects.count(), refused()) == (0, 0, {"fast": 1})
    assert browser.sends(LENA).status_code == 200


def test_an_expired_page_keeps_what_was_typed_and_is_sent_again(browser):
    answer = browser.sends(LENA, after=2 * 3600 + 1)
    page = answer.content.decode()
    assert (answer.status_code, "open for a long time" in page, "Send again" in page) == (422, True, True)
    assert 'value="Lena Gruber"' in page
    assert ">Call me</textarea>" in page
    assert Submission.objects.count() == 0
    from fullfunnel.forms.tests.kit import hidden

    with clock.frozen(clock.now() + timedelta(hours=3)):
        browser.carried = hidden(page) | {"ff.nonce": hidden(page)["ff.nonce"]}
        assert browser.sends(LENA).status_code == 200
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("nonce", ["", "x", "W10:abc"])
def test_a_nonce_that_we_did_not_seal_is_asked_again(browser, nonce):
    assert browser.sends(LENA | {"ff.nonce": nonce}).status_code == 422
    assert (Submission.objects.count(), Person.objects.count()) == (0, 0)


def test_a_nonce_of_another_form_is_good_for_nothing(workspace, browser):
    other = Browser(published(workspace, "empty"))
    other.opens()
    assert browser.sends(LENA | {"ff.nonce": other.carried["ff.nonce"]}).status_code == 422
    assert Submission.objects.count() == 0


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(browser):
    answer = browser.sends(LENA | {"f.email": "lena@klinik-gruenwald", "f.name": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The ending is missing" in page
    assert "Please fill this in." in page
    assert 'value="lena@klinik-gruenwald"' in page
    assert (Submission.objects.count(), Person.objects.count(), refused()) == (0, 0, {"wrong": 1})
    assert browser.sends(LENA).status_code == 200


def test_an_address_that_sends_too_often_waits_and_others_do_not(form):
    for _ in range(5):
        browser = Browser(form)
        browser.opens()
        assert browser.sends(LENA).status_code == 200
    browser.opens()
    answer = browser.sends(LENA)
    page = answer.content.decode()
    assert (answer.status_code, "in 60 minutes" in page, 'value="Lena Gruber"' in page) == (429, True, True)
    assert (Submission.objects.count(), refused()) == (5, {"rate": 1})
    assert browser.sends(LENA | {"f.email": "other@klinik.example"}).status_code == 200


def test_a_network_that_sends_too_often_waits_and_its_64_is_one(form):
    for number in range(30):
        browser = Browser(form, ip=f"2001:db8:1:2::{number + 1:x}")
        browser.opens()
        assert browser.sends(LENA | {"f.email": f"a{number}@klinik.example"}).status_code == 200
    browser.opens()
    assert browser.sends(LENA | {"f.email": "last@klinik.example"}).status_code == 429
    other = Browser(form, ip="2001:db8:1:3::1")
    other.opens()
    assert other.sends(LENA | {"f.email": "last@klinik.example"}).status_code == 200


def test_somebody_erased_who_writes_again_is_a_new_person(form, browser):
    from fullfunnel.people.actions import forget_person

    browser.sends(LENA)
    old = Submission.objects.get().person
    forget_person(old, by=None)
    assert Submission.objects.count() == 0
    browser.opens()
    browser.sends(LENA)
    person = Submission.objects.get().person
    assert (person.email, person.public_id != old.public_id) == (LENA["f.email"], True)
    assert len(events("form_submitted")) == 1


def test_a_form_that_hands_nothing_over_says_nothing_of_it(workspace):
    browser = Browser(published(workspace, "empty"))
    browser.opens()
    browser.sends({"f.name": "Lena", "f.email": "lena@klinik.example"})
    assert "hands_over" not in dict(events("form_submitted")[0]["properties"])


def test_an_unpublished_form_is_not_there(workspace, data_dir):
    form = create_form(workspace, name="Later", starter="demo", by=None)
    answer = Browser(form).client.get(f"/f/{form.public_id}/", headers={"Accept-Language": "de"})
    assert (answer.status_code, "Dieses Formular gibt es hier nicht" in answer.content.decode()) == (404, True)
    assert Browser(form).client.post(f"/f/{form.public_id}/", LENA).status_code == 404
    drain()
    assert (Submission.objects.count(), events()) == (0, [])
