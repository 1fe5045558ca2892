"""What may be done with notices. They are rows alone: nothing that happened to a person, so no event."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.directory import SIGN_IN_OF_DEMO
from fullfunnel.core.mail.queue import Mail, can_mail, queue_mail
from fullfunnel.core.mail.servers import address_of_links
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import say
from fullfunnel.notices.choices import hows_of
from fullfunnel.notices.kinds import AT_ONCE, HOWS, KINDS, OFF
from fullfunnel.notices.models import Notice, NoticeChoice
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.roles import By, user_of
from fullfunnel.workspaces.wording.own import own_texts

NOT_YOURS = "These are another member's notices."


@dataclass(frozen=True)
class News:
    """What happened. kind: of KINDS; subject, occasion: told once for each of these; path: of the page that it leads to.

    person: whom the sentence names, if anybody; more: what a mail says beside it.
    """

    kind: str
    subject: str
    occasion: str
    sentence: str
    path: str
    person: Person | None = None
    more: str = ""


@transaction.atomic
def tell_member(member: Membership, *, news: News, by: By) -> Notice | Refused:
    """Tell a member, as they chose for this kind; the same news again changes nothing. `by`: who did it, who is told nothing."""
    if user_of(by) == member.user:
        return Refused("Nobody is told what they did themselves.")
    if (Path(settings.DATA_DIR) / SIGN_IN_OF_DEMO).exists():
        return Refused("A demo tells nobody.")
    how = hows_of(member)[news.kind]
    if how == OFF:
        return Refused(f"{member.user} does not want to be told of this.")
    person = news.person.living() if news.person else None
    told, is_new = Notice.objects.get_or_create(
        workspace_id=member.workspace_id, member=member, kind=news.kind, subject=news.subject, occasion=news.occasion,
        defaults={"sentence": news.sentence[:300], "path": news.path, "person": person},
    )  # fmt: skip
    if is_new and how == AT_ONCE and can_mail():
        queue_mail(_mail(member, news, person))
    return told


def _mail(member: Membership, news: News, person: Person | None) -> Mail:
    address = address_of_links()
    page = f"{address}/w/{member.workspace.slug}/notices/"
    with own_texts(member.workspace):
        opened, choose = say("mail.notice.open", "en"), say("mail.notice.choose", "en")
    parts = [news.sentence, news.more, f"{opened}\n{address}{news.path}", f"{choose}\n{page}"]
    return Mail(
        member.user.email, "Notice", news.sentence, "\n\n".join(filter(None, parts)) + "\n",
        workspace_id=member.workspace_id, person_id=person.pk if person else None,
    )  # fmt: skip


@transaction.atomic
def read_notice(notice: Notice, *, by: Membership) -> Notice | Refused:
    """Note that a member has read a notice of theirs."""
    if notice.member_id != by.pk:
        return Refused(NOT_YOURS)
    if notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def read_all_notices(member: Membership, *, by: Membership) -> tuple[Notice, ...] | Refused:
    """Note that a member has read all of theirs; return those that were unread."""
    if member.pk != by.pk:
        return Refused(NOT_YOURS)
    rows = Notice.objects.filter(workspace_id=member.workspace_id, member=member, read_at=None)
    unread = tuple(rows)
    rows.update(read_at=clock.now())
    return unread


@transaction.atomic
def choose_notices(member: Membership, *, hows: Mapping[str, str], by: Membership) -> Membership | Refused:
    """Keep how a member wants to be told: kind -> how."""
    if member.pk != by.pk:
        return Refused(NOT_YOURS)
    for kind, how in hows.items():
        if kind not in KINDS or how not in HOWS:
            return Refused(f"'{how}' is not one of {', '.join(HOWS)}.", kind)
    for kind, how in hows.items():
        NoticeChoice.objects.update_or_create(
            workspace_id=member.workspace_id, member=member, kind=kind, defaults={"how": how}
        )
    return member
