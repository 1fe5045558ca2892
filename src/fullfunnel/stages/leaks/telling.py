"""Who is told of a leak: its owner, else the owners of the workspace; once when it is new, when it has grown, and when it is back."""

from typing import Any

from fullfunnel.core import clock
from fullfunnel.core.texts.dates import day
from fullfunnel.notices.actions import News, tell_member
from fullfunnel.notices.kinds import LEAK_FOUND, LEAK_GIVEN
from fullfunnel.stages.leaks.models import Leak, LeakState
from fullfunnel.stages.leaks.words import price_words, sentence_of, title_of, why_words
from fullfunnel.workspaces.models import Membership, Role
from fullfunnel.workspaces.roles import By

Json = dict[str, Any]
# A mended leak is back when so many came since, and they do surely worse than before.
ENOUGH = 30


def tell_of(leak: Leak, *, win: Json | None) -> None:
    """Tell members of a leak as it is now, and note on the row that they were told; the caller keeps the row."""
    news = _news(leak)
    if not news:
        return
    first = leak.told_at is None
    leak.told_at, leak.told_per_month = clock.now(), leak.per_month
    if leak.pk is None:
        leak.save()
    what, occasion = news
    sentence = f"{what}: {title_of(leak.evidence)}, about {price_words(leak.evidence['per_month'])} a month"
    if leak.per_month is None:
        sentence = f"{what}: {title_of(leak.evidence)}"
    more = f"{sentence_of(leak.evidence)}.\n{why_words(leak.evidence, win)}"
    path = f"/w/{leak.workspace.slug}/leaks/{leak.public_id}/"
    told = News(LEAK_FOUND, leak.public_id, occasion if not first else "new", sentence, path, more=more)
    for member in _members(leak):
        tell_member(member, news=told, by=None)


def _news(leak: Leak) -> tuple[str, str] | None:
    """Return what is new of a leak, and the occasion by which it is told once; None: nothing."""
    if leak.state == LeakState.MENDED and _is_back(leak):
        leak.state = LeakState.OPEN
        return "A leak is back", f"back {leak.mended_on}"
    if leak.state != LeakState.OPEN or not leak.is_there:
        return None
    if leak.told_at is None:
        return "A new leak", "new"
    return ("A leak grows", f"grown {leak.per_month}") if leak.is_growing else None


def _is_back(leak: Leak) -> bool:
    found = leak.recovered
    return bool(found and found["after"]["people"] >= ENOUGH and found["difference"]["high"] < 0)


def _members(leak: Leak) -> list[Membership]:
    rows = Membership.objects.filter(workspace_id=leak.workspace_id).select_related("user", "workspace")
    own = list(rows.filter(user=leak.owner)) if leak.owner_id else []
    return own or list(rows.filter(role=Role.OWNER))


def tell_given(leak: Leak, *, member: Membership, by: By) -> None:
    """Tell a member that a leak is theirs."""
    until = f" by {day(leak.due_on, has_year=False)}" if leak.due_on else ""
    sentence = (
        f"Yours to mend{until}: {title_of(leak.evidence)}, about {price_words(leak.evidence['per_month'])} a month"
    )
    occasion = f"{leak.given_at.isoformat() if leak.given_at else ''}"
    path = f"/w/{leak.workspace.slug}/leaks/{leak.public_id}/"
    news = News(LEAK_GIVEN, leak.public_id, occasion, sentence, path, more=f"{sentence_of(leak.evidence)}.")
    tell_member(member, news=news, by=by)
