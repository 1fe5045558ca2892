"""Telling members on Monday at 8, in the workspace's zone."""

from datetime import date, timedelta

from fullfunnel.core import clock
from fullfunnel.core.mail.servers import address_of_links
from fullfunnel.core.texts import dates
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.notices.actions import News, tell_member
from fullfunnel.notices.kinds import WEEKLY
from fullfunnel.notices.models import Notice
from fullfunnel.stages.leaks.page import sentence_of
from fullfunnel.stages.leaks.showing import leaks_of, others_of, rows_of, scan_of
from fullfunnel.stages.weekly.text import Item, mail_text
from fullfunnel.workspaces.models import Membership, Role, Workspace

READERS = (Role.OWNER, Role.MARKETER, Role.SELLER)
LEAKS, LEADS = 2, 5
HOUR, LATE = 8, timedelta(days=1)


def tell_weekly() -> bool:
    """Tell the members of each workspace whose Monday at 8 was within a day; older ones are skipped."""
    for workspace in Workspace.objects.all():
        monday = due_day(workspace)
        if monday and scan_of(workspace):
            _tell(workspace, monday)
    return False


def due_day(workspace: Workspace) -> date | None:
    """Return the Monday whose mail is due now; None for none."""
    now = clock.now().astimezone(zone_of(workspace.timezone))
    monday = now.replace(hour=HOUR, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())
    return monday.date() if monday <= now < monday + LATE else None


def _tell(workspace: Workspace, monday: date) -> None:
    told = Notice.objects.filter(workspace=workspace, kind=WEEKLY, occasion=str(monday)).values("member")
    members = Membership.objects.filter(workspace=workspace, role__in=READERS).exclude(pk__in=told)
    for member in members.select_related("user", "workspace"):
        tell_member(member, news=news_for(member, monday), by=None)


def news_for(member: Membership, monday: date) -> News:
    """Return Monday's news for a member: the workspace's leaks, and of leads only the member's own."""
    workspace, address = member.workspace, address_of_links()
    leaks = leaks_of(workspace)
    rows = rows_of(leaks)
    costly = [Item(f"{row.title}, {row.price} a month", f"{address}{row.url}") for row in rows[:LEAKS]]
    more = mail_text(costly, _leads(member, f"{address}/w/{workspace.slug}/people/"))
    path = f"/w/{workspace.slug}/"
    return News(WEEKLY, workspace.slug[:64], str(monday), sentence_of(rows, others_of(leaks)[0]), path, more=more)


def _leads(member: Membership, people: str) -> list[Item]:
    # Without names: a mail that names several people could not be withdrawn when one of them is erased.
    rows = HandOver.objects.filter(workspace=member.workspace, outcome=Outcome.WAITING, owner=member.user)
    best = sorted(rows.select_related("person"), key=lambda row: (-(row.fit + row.engagement), row.handed_over_at))
    return [
        Item(
            f"Fit {row.fit}, engagement {row.engagement}, waiting since {dates.day(row.handed_over_at, has_year=False)}",
            f"{people}{row.person.public_id}/",
        )
        for row in best[:LEADS]
    ]
