"""By when a hand-over is to be answered, and when it ages out: in the working time of who holds it."""

from datetime import datetime, timedelta

from fullfunnel.core.business_time import Calendar, due
from fullfunnel.crm.models import HandOver, SalesRules
from fullfunnel.workspaces.models import Sells, Workspace

# A working day of a promise, whatever the hours of a week.
WORKING_DAY = timedelta(hours=8)
# By how one sells (docs/spec/stages.md): minutes until the first answer, working days until it ages out.
USUAL = {Sells.HOUSEHOLDS: (60, 5)}
OF_COMPANIES = (240, 10)


def rules_of(workspace: Workspace) -> SalesRules:
    """Return the rules of a workspace, those that its way of selling suggests where none were saved."""
    kept = SalesRules.objects.filter(workspace=workspace).first()
    answer, age_out = USUAL.get(Sells(workspace.sells), OF_COMPANIES) if workspace.sells else OF_COMPANIES
    return kept or SalesRules(workspace=workspace, answer_minutes=answer, age_out_days=age_out)


def promised(rules: SalesRules) -> timedelta:
    """Return within which working time the first answer is promised."""
    return timedelta(minutes=rules.answer_minutes)


def set_due(row: HandOver, calendar: Calendar, rules: SalesRules, *, since: datetime, is_history: bool) -> None:
    """Write into a row by when it is to be answered. What was told as history does not age out by itself."""
    row.due_at = due(calendar, since, promised(rules))
    row.ages_out_at = None if is_history else due(calendar, since, WORKING_DAY * rules.age_out_days)
