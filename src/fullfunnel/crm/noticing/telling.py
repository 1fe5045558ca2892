"""What a seller is told: a lead is theirs, waits too long, aged out; a task is due. What was told as history tells nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import locales, say
from fullfunnel.crm.held import when
from fullfunnel.crm.inbox.sheet import inbox_url
from fullfunnel.crm.models import HandOver, HandOverMove, Outcome, Task, What
from fullfunnel.crm.noticing.links import ACCEPT, NOT_NOW, answer_link
from fullfunnel.crm.telling import contact_of
from fullfunnel.notices.actions import News, tell_member
from fullfunnel.notices.kinds import LEAD_AGED_OUT, LEAD_ASSIGNED, LEAD_LATE, TASK_DUE
from fullfunnel.notices.models import Notice
from fullfunnel.workspaces.models import Membership, User
from fullfunnel.workspaces.roles import By
from fullfunnel.workspaces.wording.own import own_texts

# What members read is English.
WORDS = "en"


def tell_owner(row: HandOver, *, why: str, by: By) -> None:
    """Tell a member that a lead is theirs now; a mail holds links that answer it. Called by wiring.ON_ASSIGNED."""
    if row.owner is None:
        return
    with locales.using(row.owner.locale, row.owner.timezone):
        _tell_owner(row, row.owner, why, by)


def _tell_owner(row: HandOver, owner: User, why: str, by: By) -> None:
    moves = HandOverMove.objects.filter(workspace_id=row.workspace_id, hand_over=row, what=What.ASSIGNED)
    with own_texts(row.workspace):
        promised = say("mail.lead.promised", WORDS, when=when(row.due_at, row.workspace)) if row.due_at else ""
        links = [
            f"{say('mail.lead.accept', WORDS)}\n{answer_link(row, user=owner, act=ACCEPT)}",
            f"{say('mail.lead.not_now', WORDS)}\n{answer_link(row, user=owner, act=NOT_NOW)}",
        ]
        reason = say("mail.lead.why", WORDS, why=why) if why else ""
        more = "\n\n".join(filter(None, [reason, promised, *(links if row.outcome == Outcome.WAITING else [])]))
        sentence = say("notice.lead_assigned", WORDS, who=named(row))
    _tell(row, LEAD_ASSIGNED, str(moves.count()), sentence, more, by)


def tell_late(row: HandOver) -> Notice | Refused | None:
    """Tell a member that a lead of theirs waits longer than promised; None: there is no promise, or no member."""
    if row.due_at is None or row.owner is None:
        return None
    with locales.using(row.owner.locale, row.owner.timezone), own_texts(row.workspace):
        sentence = say("notice.lead_late", WORDS, who=named(row), when=when(row.due_at, row.workspace))
    return _tell(row, LEAD_LATE, row.due_at.isoformat(), sentence, "", None)


def tell_aged_out(row: HandOver) -> None:
    """Tell a member that nobody answered a lead of theirs in time."""
    occasion = row.decided_at.isoformat() if row.decided_at else ""
    with own_texts(row.workspace):
        sentence = say("notice.lead_aged_out", WORDS, who=named(row))
    _tell(row, LEAD_AGED_OUT, occasion, sentence, "", None)


def tell_due(task: Task, *, today: datetime) -> Notice | Refused | None:
    """Tell a member that a task of theirs is due today (of the workspace); None: it is no member's."""
    member = _member(task.workspace_id, task.owner)
    if member is None:
        return None
    person = task.person or (contact_of(task.deal) if task.deal else None)
    about = f" ({task.deal or task.person})" if task.deal or task.person else ""
    path = f"/w/{member.workspace.slug}/tasks/"
    day = today.date().isoformat()
    with own_texts(member.workspace):
        sentence = say("notice.task_due", WORDS, task=f"{task.title[:200]}{about}")
    news = News(TASK_DUE, task.public_id, day, sentence, path, person)
    return tell_member(member, news=news, by=None)


def named(row: HandOver) -> str:
    """Return who a lead is: "Ada of Acme"."""
    return f"{row.person} of {row.company}" if row.company else str(row.person)


def midnight_of(workspace_zone: str, now: datetime) -> datetime:
    """Return when the day of now began, in a zone."""
    return now.astimezone(ZoneInfo(workspace_zone)).replace(hour=0, minute=0, second=0, microsecond=0)


def _tell(row: HandOver, kind: str, occasion: str, sentence: str, more: str, by: By) -> Notice | Refused | None:
    member = _member(row.workspace_id, row.owner)
    # What was told as history does not age out by itself.
    if member is None or row.ages_out_at is None:
        return None
    news = News(kind, row.public_id, occasion, sentence, inbox_url(row), row.person, more)
    return tell_member(member, news=news, by=by)


def _member(workspace_id: int, user: User | None) -> Membership | None:
    if user is None:
        return None
    rows = Membership.objects.filter(workspace_id=workspace_id, user=user)
    return rows.select_related("user", "workspace").first()
