"""What may be done with stages: rows and audit entry in one transaction, or Refused."""

import re
from collections.abc import Mapping, Sequence

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.journeys.stages.page_kinds import DEFAULTS
from fullfunnel.stages.models import PageKind, ServedArea
from fullfunnel.stages.page_kinds import pages_of, served_postcodes
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS

MAX_PATTERNS, MAX_LENGTH = 100, 200
MAX_POSTCODES = 1_000
_POSTCODE = re.compile(r"[A-Za-z0-9*][A-Za-z0-9* -]{0,19}")
_PATTERN = re.compile(r"/[^\s?#]*")


@transaction.atomic
def set_page_kinds(workspace: Workspace, *, pages: Mapping[str, Sequence[str]], by: By) -> Workspace | Refused:
    """Keep which paths are of which kind; a kind that has the default patterns again keeps none. Stages are counted anew by them."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    kept = {kind: list(dict.fromkeys(patterns)) for kind, patterns in pages.items()}
    if refused := _wrong_pages(kept):
        return refused
    before = {kind: list(patterns) for kind, patterns in {**DEFAULTS, **pages_of(workspace)}.items()}
    changed = {kind: [before[kind], patterns] for kind, patterns in kept.items() if patterns != before[kind]}
    for kind in changed:
        rows = PageKind.objects.filter(workspace=workspace, kind=kind)
        if kept[kind] == list(DEFAULTS[kind]):
            rows.delete()
        else:
            PageKind.objects.update_or_create(workspace=workspace, kind=kind, defaults={"patterns": kept[kind]})
    if changed:
        record_audit(workspace, "set_page_kinds", by=user_of(by), **changed)
    return workspace


@transaction.atomic
def set_served_postcodes(workspace: Workspace, *, postcodes: Sequence[str], by: By) -> Workspace | Refused:
    """Keep which postcodes are served; none: all. Prospects are counted anew by them."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    kept, before = list(dict.fromkeys(postcodes)), list(served_postcodes(workspace))
    if len(kept) > MAX_POSTCODES:
        return Refused(
            f"At most {MAX_POSTCODES} postcodes; these are {len(kept)}. A * stands for any text.", "postcodes"
        )
    if wrong := next((one for one in kept if not _POSTCODE.fullmatch(one)), None):
        return Refused(f"'{wrong[:30]}' is no postcode; write one a line, such as 80331 or 80*.", "postcodes")
    if kept != before:
        ServedArea.objects.update_or_create(workspace=workspace, defaults={"postcodes": kept})
        record_audit(workspace, "set_served_postcodes", by=user_of(by), postcodes=[before, kept])
    return workspace


def _wrong_pages(pages: Mapping[str, Sequence[str]]) -> Refused | None:
    for kind, patterns in pages.items():
        if kind not in DEFAULTS:
            return Refused(f"'{kind[:50]}' is no kind of page; use one of: {', '.join(DEFAULTS)}.", "pages")
        if len(patterns) > MAX_PATTERNS:
            return Refused(f"At most {MAX_PATTERNS} addresses of a kind; these are {len(patterns)}.", kind)
        for pattern in patterns:
            if len(pattern) > MAX_LENGTH or not _PATTERN.fullmatch(pattern):
                sentence = f"'{pattern[:60]}' is no path; write one a line, such as /pricing or /blog/*."
                return Refused(sentence, kind)
    return None
