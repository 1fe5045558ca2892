"""What may be done with teams, working hours, holidays and absences."""

import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from fullfunnel.core.business_time import Spans
from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import dates
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Absence, Holiday, Membership, Team, User, WorkingHours, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS
from fullfunnel.workspaces.team.hooks import calendars_changed

MAX_HOLIDAYS = 400
MAX_ABSENCE = timedelta(days=731)
MAX_CAPACITY = 10_000
MAX_WEIGHT = 100


@dataclass(frozen=True)
class Day:
    """A holiday to keep. hours: what is worked on it all the same."""

    day: date
    name: str
    hours: Spans = ()


@transaction.atomic
def create_team(workspace: Workspace, *, name: str, by: By) -> Team | Refused:
    """Make a team."""
    refused = reason_not_to_act(by, workspace.pk, ADMINS) or _wrong_name(workspace, name)
    if refused:
        return refused
    record_audit(workspace, "create_team", by=by, name=name.strip())
    return Team.objects.create(workspace=workspace, name=name.strip())


@transaction.atomic
def remove_team(team: Team, *, by: By) -> Team | Refused:
    """Remove a team; its members are in none then."""
    if refused := reason_not_to_act(by, team.workspace_id, ADMINS):
        return refused
    record_audit(team.workspace, "remove_team", by=by, name=team.name)
    Team.objects.filter(workspace_id=team.workspace_id, pk=team.pk).delete()
    return team


def _wrong_name(workspace: Workspace, name: str) -> Refused | None:
    if not 0 < len(name.strip()) <= 100:
        return Refused("A team needs a name, of at most 100 characters.", "name")
    if Team.objects.filter(workspace=workspace, name=name.strip()).exists():
        return Refused(f"There is a team {name.strip()} already.", "name")
    return None


@transaction.atomic
def set_hours(
    workspace: Workspace, *, user: User | None, timezone: str, week: Mapping[int, Spans], by: By
) -> WorkingHours | Refused:
    """Say when somebody works, or (user None) everybody without hours of their own. timezone: "" for the workspace's."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    if timezone and timezone not in zoneinfo.available_timezones():
        return Refused(f"'{timezone[:60]}' is no time zone; write one like Europe/Berlin.", "timezone")
    if user is not None and not Membership.objects.filter(workspace=workspace, user=user).exists():
        return Refused(f"{user} is no member of this workspace; choose one who is.")
    if user is None and not any(week.values()):
        return Refused("Somebody has to work some time: give at least one day hours.")
    kept = {str(day): [list(span) for span in spans] for day, spans in sorted(week.items()) if spans}
    new = {"timezone": timezone, "week": kept}
    row, _ = WorkingHours.objects.update_or_create(workspace=workspace, user=user, defaults=new)
    record_audit(workspace, "set_hours", by=by, of=user.email if user else "", **new)
    calendars_changed(workspace, user, f"the working hours of {user}" if user else "the working hours", by=by)
    return row


@transaction.atomic
def use_common_hours(membership: Membership, *, by: By) -> Membership | Refused:
    """Let the workspace's hours hold for a member who had hours of their own."""
    if refused := reason_not_to_act(by, membership.workspace_id, ADMINS):
        return refused
    rows = WorkingHours.objects.filter(workspace_id=membership.workspace_id, user_id=membership.user_id)
    if rows.delete()[0]:
        record_audit(membership.workspace, "use_common_hours", by=by, of=membership.user.email)
        what = f"the working hours of {membership.user}"
        calendars_changed(membership.workspace, membership.user, what, by=by)
    return membership


@transaction.atomic
def set_share(
    membership: Membership, *, capacity: int | None, weight: int, team: Team | None, by: By
) -> Membership | Refused:
    """Say how many leads may wait with a member (None: any number), their share of them, and their team."""
    if refused := reason_not_to_act(by, membership.workspace_id, ADMINS):
        return refused
    if capacity is not None and not 0 <= capacity <= MAX_CAPACITY:
        return Refused(f"A capacity is a number from 0 to {number(MAX_CAPACITY)}; empty for any number.", "capacity")
    if not 0 <= weight <= MAX_WEIGHT:
        return Refused(f"A share is a number from 0 to {MAX_WEIGHT}; 1 is the usual one.", "weight")
    if team is not None and team.workspace_id != membership.workspace_id:
        return Refused("That team is in another workspace.", "team")
    mine = Membership.objects.filter(workspace_id=membership.workspace_id, pk=membership.pk)
    mine.update(capacity=capacity, weight=weight, team=team)
    told = {"of": membership.user.email, "capacity": capacity, "weight": weight, "team": team.name if team else ""}
    record_audit(membership.workspace, "set_share", by=by, **told)
    membership.refresh_from_db()
    return membership


@transaction.atomic
def add_holidays(workspace: Workspace, *, days: Sequence[Day], by: By) -> tuple[Holiday, ...] | Refused:
    """Add holidays; one on a day that has one already replaces it."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    wrong = next((each for each in days if not 0 < len(each.name.strip()) <= 200), None)
    if not days or wrong is not None:
        return Refused("A holiday needs a day and a name.", "name")
    if Holiday.objects.filter(workspace=workspace).count() + len(days) > MAX_HOLIDAYS:
        return Refused(f"At most {MAX_HOLIDAYS} holidays are kept; remove some of the past.")
    made = tuple(
        Holiday.objects.update_or_create(
            workspace=workspace, day=each.day,
            defaults={"name": each.name.strip(), "hours": [list(span) for span in each.hours]},
        )[0]
        for each in days
    )  # fmt: skip
    record_audit(workspace, "add_holidays", by=by, days={str(each.day): each.name.strip() for each in days})
    calendars_changed(workspace, None, "the holidays", by=by)
    return made


@transaction.atomic
def remove_holiday(holiday: Holiday, *, by: By) -> Holiday | Refused:
    """Let a holiday be a day like any other."""
    if refused := reason_not_to_act(by, holiday.workspace_id, ADMINS):
        return refused
    record_audit(holiday.workspace, "remove_holiday", by=by, day=str(holiday.day), name=holiday.name)
    Holiday.objects.filter(workspace_id=holiday.workspace_id, pk=holiday.pk).delete()
    calendars_changed(holiday.workspace, None, "the holidays", by=by)
    return holiday


@transaction.atomic
def enter_absence(
    membership: Membership, *, first: date, last: date, stand_in: User | None, by: By
) -> Absence | Refused:
    """Say that a member is away from `first` to `last`, both included, and who gets their leads; members say it of themselves."""
    refused = _not_mine(membership, by) or _wrong_days(membership, first, last)
    if refused:
        return refused
    if stand_in is not None and (
        stand_in == membership.user
        or not Membership.objects.filter(workspace_id=membership.workspace_id, user=stand_in).exists()
    ):
        return Refused("Choose another member of this workspace.", "stand_in")
    made = Absence.objects.create(
        workspace_id=membership.workspace_id, user_id=membership.user_id, first=first, last=last, stand_in=stand_in
    )
    told = {"of": membership.user.email, "first": str(first), "last": str(last)}
    record_audit(membership.workspace, "enter_absence", by=by, **told)
    what = f"{membership.user} being away until {dates.weekday(last)}"
    calendars_changed(membership.workspace, membership.user, what, by=by)
    return made


@transaction.atomic
def remove_absence(absence: Absence, *, by: By) -> Absence | Refused:
    """Take an absence back, or end it before its time."""
    membership = Membership.objects.filter(workspace_id=absence.workspace_id, user_id=absence.user_id).first()
    if membership is not None and (refused := _not_mine(membership, by)):
        return refused
    told = {"of": absence.user.email, "first": str(absence.first), "last": str(absence.last)}
    record_audit(absence.workspace, "remove_absence", by=by, **told)
    Absence.objects.filter(workspace_id=absence.workspace_id, pk=absence.pk).delete()
    calendars_changed(absence.workspace, absence.user, f"{absence.user} being there", by=by)
    return absence


def _not_mine(membership: Membership, by: By) -> Refused | None:
    refused = reason_not_to_act(by, membership.workspace_id, ADMINS)
    return None if refused is None or user_of(by) == membership.user else refused


def _wrong_days(membership: Membership, first: date, last: date) -> Refused | None:
    if last < first:
        return Refused("The last day is before the first.", "last")
    if last - first > MAX_ABSENCE:
        return Refused("An absence has at most two years.", "last")
    others = Absence.objects.filter(workspace_id=membership.workspace_id, user_id=membership.user_id)
    if (other := others.filter(first__lte=last, last__gte=first).first()) is not None:
        return Refused(f"{membership.user} is away from {other.first} to {other.last} already.", "first")
    return None
