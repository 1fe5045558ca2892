"""The row of a question that takes its time: begun, joined, told how far it is, ended, collected. Truth for every process."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction

from fullfunnel.analytics.models import Asking
from fullfunnel.core import clock
from fullfunnel.people.models import Erasure

# Who counts says every second or oftener that it lives.
DEAD_AFTER = timedelta(seconds=15)
MAX_ANSWER_AGE = timedelta(minutes=5)
OPEN = (Asking.State.ASKED, Asking.State.ANSWERING)


def find(workspace_id: int, key: str) -> Asking | None:
    """The row of this question, whatever its state."""
    return Asking.objects.filter(workspace_id=workspace_id, key=key).first()


def is_open(row: Asking) -> bool:
    """Whether somebody counts, or will."""
    return row.state in OPEN and row.heartbeat_at > clock.now() - DEAD_AFTER


def is_lost(row: Asking) -> bool:
    """Whether the process that counted is gone."""
    return row.state in OPEN and not is_open(row)


def begin(workspace_id: int, key: str, *, version: str, answerer: str, askers: Sequence[int]) -> Asking:
    """The row of a question that `answerer` counts; or, where somebody else was faster, theirs, joined."""
    with transaction.atomic():
        row = find(workspace_id, key)
        if row is not None and is_open(row):
            for user_id in askers:
                join(row, user_id)
            return row
        now = clock.now()
        fresh: dict[str, Any] = {"version": version, "answerer": answerer, "askers": list(askers), "answer": None}
        fresh |= {"state": Asking.State.ANSWERING, "message": "", "done": 0, "total": 0}
        fresh |= {"began_at": now, "heartbeat_at": now}
        return Asking.objects.update_or_create(workspace_id=workspace_id, key=key, defaults=fresh)[0]


def join(row: Asking, user_id: int) -> None:
    """Somebody else waits for it too."""
    if user_id not in row.askers:
        row.askers = [*row.askers, user_id]
        row.save(update_fields=["askers"])


def tell(pk: int, answerer: str, *, done: int, total: int, waits: bool) -> bool:
    """How far it is, and whether it waits for its turn; False when nobody wants it any more."""
    state = Asking.State.ASKED if waits else Asking.State.ANSWERING
    mine = Asking.objects.filter(pk=pk, answerer=answerer, state__in=OPEN)
    return bool(mine.update(done=done, total=total, state=state, heartbeat_at=clock.now()))


def end(pk: int, answerer: str, *, answer: bytes | None, message: str = "") -> None:
    """The answer, or why there is none. One that was cancelled meanwhile stays so."""
    state = Asking.State.REFUSED if answer is None else Asking.State.ANSWERED
    mine = Asking.objects.filter(pk=pk, answerer=answerer, state__in=OPEN)
    mine.update(answer=answer, message=message, state=state, heartbeat_at=clock.now())


def cancel(row: Asking) -> bool:
    """Nobody wants it any more; who counts hears of it within a second. False when it was over already."""
    open_row = Asking.objects.filter(pk=row.pk, answerer=row.answerer, state__in=OPEN)
    return bool(open_row.update(state=Asking.State.CANCELLED, heartbeat_at=clock.now()))


def give_up(row: Asking, user_id: int) -> None:
    """This user asks something else instead: what nobody else waits for is cancelled."""
    if row.askers == [user_id] and is_open(row):
        cancel(row)


def leave(row: Asking, user_id: int) -> None:
    """This user does not want it any more; what nobody else waits for is cancelled."""
    if row.askers == [user_id]:
        cancel(row)
    elif is_open(row):
        row.askers = [asker for asker in row.askers if asker != user_id]
        row.save(update_fields=["askers"])


def collect(row: Asking, version: str, user_id: int, *, keep: bool) -> bytes | None:
    """The answer, if it may still be given: to those who waited for it once, to anybody while nothing changed.

    Unless `keep`, it goes when the last of those who waited has it.
    """
    if row.state != Asking.State.ANSWERED or row.heartbeat_at < clock.now() - MAX_ANSWER_AGE:
        return None
    waited = user_id in row.askers
    if row.version != version and (not waited or somebody_was_erased(row)):
        return None
    if waited:
        row.askers = [asker for asker in row.askers if asker != user_id]
        if row.askers or keep:
            row.save(update_fields=["askers"])
        else:
            row.delete()
    return bytes(row.answer) if row.answer is not None else None


def somebody_was_erased(row: Asking) -> bool:
    """Whether the answer may speak of somebody who is erased by now."""
    # An erasure is dated a little before it is seen.
    since = row.began_at - timedelta(minutes=1)
    return Erasure.objects.filter(workspace_id=row.workspace_id, at__gte=since).exists()
