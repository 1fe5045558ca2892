"""Reports in files: added, mapped, brought, undone."""

import zlib

from django.db import transaction

from fullfunnel.campaigns.keeping import keep_lines, wrong_lines
from fullfunnel.campaigns.models import Spend, SpendReport
from fullfunnel.campaigns.spend.cells import Rows, read_cells
from fullfunnel.campaigns.spend.mapping import Mapping, header_at, read_mapping, suggested
from fullfunnel.campaigns.spend.platforms import PLATFORMS
from fullfunnel.campaigns.spend.reading import Report, read_report
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import EDITORS

MOST_BYTES, MOST_KEPT_REFUSED = 20_000_000, 2_000
OVER = Refused("This report was brought already; undo it first.")


@transaction.atomic
def add_report(workspace: Workspace, *, content: bytes, name: str, by: By) -> SpendReport | Refused:
    """Keep a file until somebody has looked at how it is read."""
    if refused := reason_not_to_act(by, workspace.pk, EDITORS):
        return refused
    if len(content) > MOST_BYTES:
        return Refused(f"A report has at most {MOST_BYTES // 1_000_000} MB.", "file")
    rows = read_cells(content)
    if isinstance(rows, Refused):
        return rows
    _, mapping = suggested(rows[header_at(rows)])
    return SpendReport.objects.create(
        workspace=workspace, name=name[:200] or "Report", came=SpendReport.Came.FILE, platform=mapping.platform,
        content=zlib.compress(content), mapping=mapping.kept(), added_by=user_of(by),
    )  # fmt: skip


@transaction.atomic
def map_report(report: SpendReport, *, mapping: Mapping, by: By) -> SpendReport | Refused:
    """Say how a report is read."""
    if refused := reason_not_to_act(by, report.workspace_id, EDITORS):
        return refused
    if report.brought_at:
        return OVER
    if mapping.platform and mapping.platform not in PLATFORMS:
        return Refused(f"A platform is one of {', '.join(PLATFORMS)}.", "platform")
    report.mapping, report.platform = mapping.kept(), mapping.platform
    report.save(update_fields=["mapping", "platform"])
    return report


@transaction.atomic
def bring_report(report: SpendReport, *, by: By) -> SpendReport | Refused:
    """Let a report's spend count. It replaces what is known of its days and campaigns, so that twice is once."""
    if refused := reason_not_to_act(by, report.workspace_id, EDITORS):
        return refused
    report = SpendReport.objects.select_for_update().get(workspace_id=report.workspace_id, pk=report.pk)
    if report.brought_at:
        return OVER
    found = load_preview(report)
    if isinstance(found, Refused):
        return found
    if found.missing or found.open:
        return Refused(
            f"Say first which column is {(found.missing or [one.header for one in found.open])[0]}, and how it is read."
        )
    if refused := wrong_lines(report.platform, found.lines):
        return refused
    report.brought_at, report.content = clock.now(), b""
    report.refused = [[one.line, one.reason, one.cells[:60]] for one in found.refused[:MOST_KEPT_REFUSED]]
    report.save(update_fields=["brought_at", "content", "refused"])
    keep_lines(report, found.lines)
    record_audit(report.workspace, "bring_report", by=by, report=report.public_id, name=report.name, rows=report.rows)
    return report


@transaction.atomic
def undo_report(report: SpendReport, *, by: By) -> SpendReport | Refused:
    """Take a report's spend away again; what it had replaced counts as before. A file that was not brought is forgotten."""
    if refused := reason_not_to_act(by, report.workspace_id, EDITORS):
        return refused
    if report.undone_at:
        return Refused("This report was undone already.")
    rows = Spend.objects.filter(workspace_id=report.workspace_id)
    later = rows.filter(report=report).exclude(replaced_by=None).values_list("replaced_by__name", flat=True).first()
    if later is not None:
        return Refused(f"“{later}” was brought later and replaced days of this report; undo that first.")
    rows.filter(replaced_by=report).update(replaced_by=None)
    rows.filter(report=report).delete()
    report.undone_at, report.content = clock.now(), b""
    report.save(update_fields=["undone_at", "content"])
    record_audit(report.workspace, "undo_report", by=by, report=report.public_id, name=report.name)
    return report


def load_rows(report: SpendReport) -> Rows | Refused:
    """Return the cells of a report that was not brought yet."""
    if not report.content:
        return Refused("The file of this report is not kept any more.")
    return read_cells(zlib.decompress(bytes(report.content)))


def load_preview(report: SpendReport) -> Report | Refused:
    """Return what a report would bring."""
    rows = load_rows(report)
    if isinstance(rows, Refused):
        return rows
    mapping = read_mapping(report.mapping)
    return read_report(rows, mapping)
