"""Spend that was typed, or that a program sent."""

from collections.abc import Sequence

from django.db import transaction

from fullfunnel.campaigns.keeping import keep_lines, wrong_lines
from fullfunnel.campaigns.models import SpendReport
from fullfunnel.campaigns.spend.reading import Line, added_up
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS


@transaction.atomic
def add_spend(
    workspace: Workspace, *, platform: str, lines: Sequence[Line], came: str, by: By
) -> SpendReport | Refused:
    """Keep spend that was typed or sent. What is known of the same days and campaigns of the platform is replaced."""
    if refused := reason_not_to_act(by, workspace.pk, EDITORS) or wrong_lines(platform, lines):
        return refused
    name = "Typed" if came == SpendReport.Came.TYPED else "Sent by a program"
    report = SpendReport.objects.create(
        workspace=workspace, name=name, came=came, platform=platform, added_by=user_of(by), brought_at=clock.now()
    )
    keep_lines(report, added_up(lines))
    record_audit(workspace, "add_spend", by=by, report=report.public_id, platform=platform, rows=len(lines))
    return report
