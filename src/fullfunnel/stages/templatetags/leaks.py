"""Where a workspace loses people, on the page of both funnels: the card, the costliest in the sentence, marks in the picture."""

from typing import Any

from django import template

from fullfunnel.stages.leaks import showing, words
from fullfunnel.workspaces.models import Workspace

register = template.Library()
Json = dict[str, Any]


@register.inclusion_tag("stages/leaks/_where.html")
def where_we_lose(workspace: Workspace) -> Json:
    """Show the costliest leaks, each with who, why and give to."""
    leaks, scan = showing.leaks_of(workspace), showing.scan_of(workspace)
    rows, (mended, _) = showing.rows_of(leaks), showing.others_of(leaks)
    patterns = [words.pattern_words(one) for one in scan.answer["unproven"]] if scan else []
    found: Json = {"workspace": workspace, "rows": rows[: showing.SHOWN], "more": len(rows) - showing.SHOWN}
    return found | {"mended": mended[:2], "scan": scan, "notes": showing.footnotes(scan), "patterns": patterns}


@register.inclusion_tag("stages/leaks/_costliest.html")
def costliest_leak(workspace: Workspace) -> Json:
    """Say the costliest leak in the page's sentence."""
    rows = showing.rows_of(showing.leaks_of(workspace))
    return {"row": rows[0] if rows and rows[0].has_price else None}


@register.inclusion_tag("stages/leaks/_marks.html")
def leak_marks(workspace: Workspace) -> Json:
    """Mark the leaks in the picture, where they are, sized by money."""
    rows = [row for row in showing.rows_of(showing.leaks_of(workspace)) if row.has_price][: showing.MARKED]
    columns = [showing.column_of(row) for row in rows]
    # Of two at one place the second stands below the first, further ones in the list alone.
    places = [columns[:at].count(column) for at, column in enumerate(columns)]
    told = zip(rows, columns, places, strict=True)
    return {"marks": [(row, column, place, row.radius * 2 + 4) for row, column, place in told if place < 2]}


@register.inclusion_tag("stages/leaks/_first.html")
def first_leak(workspace: Workspace) -> Json:
    """Show the costliest leak first, on a phone."""
    rows = showing.rows_of(showing.leaks_of(workspace))
    return {"row": rows[0] if rows and rows[0].has_price else None, "workspace": workspace}
