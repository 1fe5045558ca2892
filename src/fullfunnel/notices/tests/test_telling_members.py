"""A member is told once for each occasion, as they chose, and reads it under the bell."""

from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.core.mail.models import QueuedMail
from fullfunnel.core.refused import Refused
from fullfunnel.notices.actions import News, choose_notices, tell_member
from fullfunnel.notices.kinds import AT_ONCE, HERE, KINDS, LEAD_ASSIGNED, OFF, TASK_DUE
from fullfunnel.notices.models import Notice, NoticeChoice
from fullfunnel.notices.on_tick import forget_notices
from fullfunnel.workspaces.models import Membership
from tests.kit.mail import set_up_mail

PAGE = "/w/halden/notices/"


@pytest.fixture
def member(bob):
    return Membership.objects.get(user=bob.user)


def news(kind=TASK_DUE, subject="task-1", occasion="2026-12-01"):
    return News(kind, subject, occasion, "Due today: Call Ada", "/w/halden/tasks/")


def test_the_same_news_is_told_once_and_another_day_again(member):
    first = tell_member(member, news=news(), by=None)
    assert tell_member(member, news=news(), by=None) == first
    tell_member(member, news=news(occasion="2026-12-02"), by=None)
    assert list(Notice.objects.values_list("occasion", flat=True)) == ["2026-12-01", "2026-12-02"]


def test_nobody_is_told_what_they_did_themselves(member, bob):
    assert tell_member(member, news=news(), by=bob.user) == Refused("Nobody is told what they did themselves.")
    assert Notice.objects.count() == 0


def test_a_demo_tells_nobody(member, settings):
    mark = settings.DATA_DIR / SIGN_IN_OF_DEMO
    mark.write_text("{}")
    try:
        assert tell_member(member, news=news(), by=None) == Refused("A demo tells nobody.")
    finally:
        mark.unlink()
    assert Notice.objects.count() == 0


@pytest.mark.parametrize(("how", "told"), [(AT_ONCE, (1, 1)), (HERE, (1, 0)), (OFF, (0, 0))])
def test_a_member_chooses_how_they_are_told(member, how, told):
    set_up_mail(25)
    choose_notices(member, hows={TASK_DUE: how}, by=member)
    tell_member(member, news=news(), by=None)
    tell_member(member, news=news(), by=None)
    assert (Notice.objects.count(), QueuedMail.objects.count()) == told


def test_the_mail_says_what_the_notice_does_with_links(member):
    set_up_mail(25)
    tell_member(member, news=news(LEAD_ASSIGNED), by=None)
    mail = QueuedMail.objects.get()
    assert (mail.recipient, mail.subject, mail.what) == ("bob@halden.example", "Due today: Call Ada", "Notice")
    assert mail.text == (
        "Due today: Call Ada\n\nOpen it:\nhttp://localhost:8000/w/halden/tasks/\n\n"
        "Choose what you are told:\nhttp://localhost:8000/w/halden/notices/\n"
    )


def test_the_bell_counts_what_is_unread_and_opening_a_notice_reads_it(member, bob):
    notice = tell_member(member, news=news(), by=None)
    assert 'title="Notices: 1 unread"' in bob.client.get(PAGE).content.decode()
    opened = bob.client.post(f"{PAGE}{notice.public_id}/read/", {"open": "1"})
    assert (opened.status_code, opened["Location"]) == (302, "/w/halden/tasks/")
    page = bob.client.get(PAGE).content.decode()
    assert ('title="Notices"' in page, "You have read everything." in page, "Due today: Call Ada" in page) == (
        True, True, True,
    )  # fmt: skip


def test_all_are_read_at_once_and_nobody_elses(member, bob, alice):
    other = Membership.objects.get(user=alice.user)
    for each in (member, other):
        tell_member(each, news=news(), by=None)
        tell_member(each, news=news(subject="task-2"), by=None)
    assert bob.client.post(f"{PAGE}read-all/")["Location"] == PAGE
    assert set(Notice.objects.filter(read_at=None).values_list("member", flat=True)) == {other.pk}


def test_another_members_notice_is_refused_and_not_opened(member, alice):
    notice = tell_member(member, news=news(), by=None)
    answer = alice.client.post(f"{PAGE}{notice.public_id}/read/", {"open": "1"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "another member&#x27;s notices" in answer.content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_without_notices_the_page_says_what_will_be_here(bob):
    assert "Nothing yet" in bob.client.get(PAGE).content.decode()


def test_the_choices_are_kept_and_a_wrong_one_is_refused(member, bob):
    usual = dict.fromkeys(KINDS, "here") | {"lead_assigned": "at_once"}
    wrong = bob.client.post(f"{PAGE}choices/", usual | {"task_due": "loudly"})
    assert (wrong.status_code, NoticeChoice.objects.count()) == (422, 0)
    assert bob.client.post(f"{PAGE}choices/", usual | {"task_due": "off"})["Location"] == PAGE
    assert dict(NoticeChoice.objects.values_list("kind", "how")) == usual | {"task_due": "off"}


def test_notices_are_forgotten_after_90_days(member):
    old, new = (tell_member(member, news=news(occasion=day), by=None) for day in ("1", "2"))
    Notice.objects.filter(pk=old.pk).update(told_at=clock.now() - timedelta(days=91))
    assert forget_notices() is False
    assert list(Notice.objects.all()) == [new]
