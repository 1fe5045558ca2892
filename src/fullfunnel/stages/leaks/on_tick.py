"""Looking for leaks as time passes: a workspace at a time, at most once an hour, where something came since."""

import logging
import time
from datetime import timedelta
from typing import Any

from fullfunnel.analytics.kinds.wired import question_kinds
from fullfunnel.analytics.views.overview import has_events
from fullfunnel.core import clock
from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.deadline import QuestionTimeout
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.watch import Watch
from fullfunnel.segments.dataset import WorkspaceDataset, dataset_of
from fullfunnel.stages.leak_actions import keep_leaks
from fullfunnel.stages.leaks.models import Leak, LeakScan, LeakState
from fullfunnel.workspaces.models import Workspace

Json = dict[str, Any]
EVERY, DAY = timedelta(hours=1), timedelta(days=1)
# A look that takes longer is given up, and tried again an hour later.
SECONDS = 200.0
DAYS = 90
log = logging.getLogger("fullfunnel.leaks")


def watch_leaks() -> bool:
    """Look for leaks in the workspace that waits longest; True when another one is due."""
    due = [workspace for workspace in _waiting() if has_events(workspace)]
    if not due:
        return False
    look_for_leaks(due[0])
    return len(due) > 1


def _waiting() -> list[Workspace]:
    """Return the workspaces that were not looked at within the hour, those never looked at first."""
    looked = dict(LeakScan.objects.values_list("workspace", "scanned_at"))
    found = [row for row in Workspace.objects.all() if row.pk not in looked or looked[row.pk] <= clock.now() - EVERY]
    return sorted(found, key=lambda row: (row.pk in looked, looked.get(row.pk, clock.now())))


def look_for_leaks(workspace: Workspace) -> None:
    """Ask the question of leaks and keep what it answers; of data that stays the same, once a day, as time makes pending lost."""
    dataset = dataset_of(workspace)
    scan = LeakScan.objects.filter(workspace=workspace).first()
    version = f"{dataset.facts.version} {clock.now().date()}"
    if scan is None or scan.version != version:
        try:
            found, recovered = ask_for_leaks(workspace, dataset)
            keep_leaks(workspace, answer=found, recovered=recovered, version=version, by=None)
            return
        except QuestionTimeout:
            log.warning("looking for leaks took too long in workspace %s", workspace.pk)
    LeakScan.objects.update_or_create(
        workspace=workspace,
        defaults={"scanned_at": clock.now()},
        create_defaults={"version": "", "scanned_at": clock.now()},
    )


def ask_for_leaks(workspace: Workspace, dataset: WorkspaceDataset) -> tuple[Json, dict[str, Json | None]]:
    """Return the answer about the last 90 days, and of each mended leak what came before and after."""
    watch, kinds = Watch(time.monotonic() + SECONDS), question_kinds()
    question = leaks_question(workspace)
    found = answer(question, dataset, deadline=watch, kinds=kinds)
    recovered: dict[str, Json | None] = {}
    for leak in Leak.objects.filter(workspace=workspace, state=LeakState.MENDED, mended_on__isnull=False):
        asked = question | {"leak": leak.key, "since": str(leak.mended_on)}
        recovered[leak.key] = answer(asked, dataset, deadline=watch, kinds=kinds).get("since")
    return found, recovered


def leaks_question(workspace: Workspace) -> Json:
    """Return the question of the pages: 90 whole days and today."""
    today = clock.now().astimezone(zone_of(workspace.timezone)).date()
    period = {"from": str(today - timedelta(days=DAYS)), "to": str(today), "timezone": workspace.timezone}
    return {"kind": "leaks", "period": period}
