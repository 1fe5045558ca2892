"""What sellers did (activities, which are events) and have to do (tasks, which are none)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.crm.held import reason_no_member
from fullfunnel.crm.models import Activity, ActivityKind, Deal, Direction, Task
from fullfunnel.crm.said import Call, Done
from fullfunnel.crm.telling import Moment, contact_of, tell_activity
from fullfunnel.events.names import ACTIVITY_LOGGED, ACTIVITY_TAKEN_BACK
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Company, Person
from fullfunnel.people.record import contact_unknown
from fullfunnel.workspaces.models import User, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS
from fullfunnel.workspaces.sight import reason_not_to_change

MISTAKE = timedelta(hours=1)
MAX_OUTCOME, MAX_TEXT, MAX_TITLE = 100, 20_000, 300


@transaction.atomic
def log_activity(
    subject: Person | Deal | Company,
    *,
    done: Done,
    by: By,
    person: Person | None = None,
    at: datetime | None = None,
    is_history: bool = False,
) -> Activity | Refused:
    """Note a call, an e-mail, a meeting: about a person, a deal (with which of its people), or a company.

    at: when it was, also a while ago; None: now. is_history: told of the past; it counts, and sets nothing off. A deal that
    is kept elsewhere may have activities of ours.
    """
    refused = reason_not_to_act(by, subject.workspace_id, EDITORS) or _wrong_activity(done)
    if refused:
        return refused
    met = subject if isinstance(subject, Person) else person
    living = living_or_refused(met) if met is not None else None
    if isinstance(living, Refused):
        return living
    if living is not None and living.workspace_id != subject.workspace_id:
        return Refused("That is no person of this workspace.", "person")
    deal = subject if isinstance(subject, Deal) else None
    company = subject if isinstance(subject, Company) else deal.company if deal else living.company if living else None
    moment = at or clock.now()
    row = Activity.objects.create(
        workspace_id=subject.workspace_id, person=living, deal=deal, company=company, kind=done.kind,
        direction=done.direction, outcome=done.outcome.strip(), text=done.text.strip(), at=moment, by=user_of(by),
    )  # fmt: skip
    if (about := _about(row)) is not None:
        tell_activity(row, ACTIVITY_LOGGED, about=about, by=by, at=Moment(moment, is_history))
    return row


def _about(row: Activity) -> Person | None:
    """Return whom the event of an activity is about."""
    if row.person is not None:
        return row.person.living()
    return contact_of(row.deal) if row.deal else contact_unknown(row.company) if row.company else None


@transaction.atomic
def take_back_activity(activity: Activity, *, by: By) -> Activity | Refused:
    """Take back what was logged by mistake, within an hour, and the task that came of it; figures leave it out."""
    if refused := reason_not_to_act(by, activity.workspace_id, EDITORS):
        return refused
    rows = Activity.objects.filter(workspace_id=activity.workspace_id, pk=activity.pk)
    now = rows.select_related("person", "deal__company", "company").select_for_update(of=("self",)).first()
    if now is None:
        return Refused("This was taken back already.")
    if refused := reason_not_to_change(now, by=by):
        return refused
    if clock.now() - now.logged_at > MISTAKE:
        return Refused("What was logged can be taken back within an hour; after that it belongs to the history.")
    if (about := _about(now)) is not None:
        tell_activity(now, ACTIVITY_TAKEN_BACK, about=about, by=by, at=Moment(clock.now()))
    Task.objects.filter(workspace_id=now.workspace_id, activity=now).delete()
    rows.delete()
    return now


@transaction.atomic
def log_call(
    subject: Person | Deal | Company, *, call: Call, by: By, person: Person | None = None
) -> Activity | Refused:
    """Note a call of ours, and its next step as a task of whoever called; of a company it needs a person."""
    done = Done(ActivityKind.CALL, outcome=call.outcome, text=call.text)
    logged = log_activity(subject, done=done, person=person, by=by)
    if isinstance(logged, Refused) or not call.next_step.strip():
        return logged
    about = person if isinstance(subject, Company) else subject
    wrong = Refused("Say with whom the next step is.", "person")
    task = add_task(about, title=call.next_step, due_at=call.due_at, by=by) if about else wrong
    if isinstance(task, Refused):
        transaction.set_rollback(True)
        return Refused(task.sentence, "next_step")
    Task.objects.filter(workspace_id=task.workspace_id, pk=task.pk).update(activity=logged)
    return logged


def _wrong_activity(done: Done) -> Refused | None:
    if done.kind not in ActivityKind.values:
        return Refused(f"'{done.kind}' is not one of {', '.join(ActivityKind.values)}.", "kind")
    if done.direction not in Direction.values:
        return Refused(f"'{done.direction}' is not one of {', '.join(Direction.values)}.", "direction")
    if len(done.outcome) > MAX_OUTCOME:
        return Refused(f"An outcome has at most {MAX_OUTCOME} characters.", "outcome")
    if len(done.text) > MAX_TEXT:
        return Refused(
            f"A text has at most {number(MAX_TEXT)} characters; this one has {number(len(done.text))}.", "text"
        )
    return None


@transaction.atomic
def add_task(
    subject: Person | Deal, *, title: str, by: By, due_at: datetime | None = None, owner: User | None = None
) -> Task | Refused:
    """Add what has to be done about a person or a deal; without an owner it is whose who adds it."""
    owner = owner or user_of(by)
    refused = reason_not_to_act(by, subject.workspace_id, EDITORS)
    refused = refused or _wrong_title(title) or _wrong_due(due_at) or reason_no_member(owner, subject.workspace_id)
    if refused:
        return refused
    person = living_or_refused(subject) if isinstance(subject, Person) else None
    if isinstance(person, Refused):
        return person
    return Task.objects.create(
        workspace_id=subject.workspace_id, title=title.strip(), due_at=due_at, owner=owner, person=person,
        deal=subject if isinstance(subject, Deal) else None, made_by=user_of(by),
    )  # fmt: skip


@transaction.atomic
def add_own_task(
    workspace: Workspace, *, title: str, by: By, due_at: datetime | None = None, owner: User | None = None
) -> Task | Refused:
    """Add what has to be done that is about nobody of the stream: to mend a leak."""
    owner = owner or user_of(by)
    refused = reason_not_to_act(by, workspace.pk, EDITORS)
    refused = refused or _wrong_title(title) or _wrong_due(due_at) or reason_no_member(owner, workspace.pk)
    if refused:
        return refused
    return Task.objects.create(
        workspace=workspace, title=title.strip(), due_at=due_at, owner=owner, made_by=user_of(by)
    )


def _wrong_title(title: str) -> Refused | None:
    if 0 < len(title.strip()) <= MAX_TITLE:
        return None
    return Refused(f"A task says what to do, in at most {MAX_TITLE} characters.", "title")


def _wrong_due(due_at: datetime | None) -> Refused | None:
    if due_at is None or clock.is_kept(due_at):
        return None
    return Refused("A task is due between the years 1970 and 2200.", "due_at")


@transaction.atomic
def change_task(task: Task, *, changes: Mapping[str, Any], by: By) -> Task | Refused:
    """Change title, due_at or owner; what is not named stays."""
    now = _task_now(task, by)
    if isinstance(now, Refused):
        return now
    if wrong := sorted(set(changes) - {"title", "due_at", "owner"}):
        return Refused(f"A task has no {wrong[0]}; it has title, due_at, owner.", wrong[0])
    title = str(changes.get("title", now.title)).strip()
    owner, due_at = changes.get("owner", now.owner), changes.get("due_at", now.due_at)
    if refused := _wrong_title(title) or _wrong_due(due_at) or reason_no_member(owner, now.workspace_id):
        return refused
    now.title, now.owner, now.due_at = title, owner, due_at
    now.save(update_fields=["title", "owner", "due_at"])
    return now


@transaction.atomic
def finish_task(task: Task, *, by: By, at: datetime | None = None) -> Task | Refused:
    """Say that it is done; done twice it stays as it was."""
    now = _task_now(task, by)
    if isinstance(now, Refused) or now.done_at is not None:
        return now
    now.done_at, now.done_by = at or clock.now(), user_of(by)
    now.save(update_fields=["done_at", "done_by"])
    return now


@transaction.atomic
def reopen_task(task: Task, *, by: By) -> Task | Refused:
    """Say that it is not done after all."""
    now = _task_now(task, by)
    if isinstance(now, Refused) or now.done_at is None:
        return now
    now.done_at, now.done_by = None, None
    now.save(update_fields=["done_at", "done_by"])
    return now


@transaction.atomic
def remove_task(task: Task, *, by: By) -> Task | Refused:
    """Remove a task for good."""
    now = _task_now(task, by)
    if not isinstance(now, Refused):
        Task.objects.filter(workspace_id=now.workspace_id, pk=now.pk).delete()
    return now


def _task_now(task: Task, by: By) -> Task | Refused:
    if refused := reason_not_to_act(by, task.workspace_id, EDITORS):
        return refused
    rows = Task.objects.filter(workspace_id=task.workspace_id, pk=task.pk)
    now = rows.select_related("owner").select_for_update(of=("self",)).first()
    if now is None:
        return Refused("This task was removed.")
    return reason_not_to_change(now, by=by) or now
