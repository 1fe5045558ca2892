"""What the lists of deals, hand-overs and activities have in common."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from fullfunnel.core.rest import done, page_of
from fullfunnel.people.naming import company_named, person_named
from fullfunnel.workspaces.rest import owner_named
from fullfunnel.workspaces.scope import KeyRequest

M = TypeVar("M", bound=Model)


def listed(request: KeyRequest, rows: QuerySet[M], asked: Any, out: Callable[[M], object]) -> dict[str, Any]:
    """Return a page's items and next: the rows narrowed by owner, person and company as `asked` says."""
    workspace = request.workspace
    if owner := getattr(asked, "owner", ""):
        rows = rows.filter(owner=owner_named(workspace, owner))
    if person := getattr(asked, "person", ""):
        rows = rows.filter(person=done(person_named(workspace.pk, id=person)))
    if company := getattr(asked, "company", ""):
        rows = rows.filter(company=done(company_named(workspace.pk, id=company)))
    page, following = page_of(rows, cursor=asked.cursor, limit=asked.limit)
    return {"items": [out(row) for row in page], "next": following}
