"""Which addresses are price pages, content, sign-in: the defaults, and what a workspace keeps instead."""

from collections.abc import Mapping

from fullfunnel.journeys.stages.page_kinds import POSTCODE
from fullfunnel.stages.models import PageKind, ServedArea
from fullfunnel.workspaces.models import Workspace

# Kinds as people read them, in the order of the settings page.
TITLES = {
    "price": "Price",
    "content": "Content",
    "comparison": "Comparison",
    "case_study": "Case study",
    "calculator": "Calculator",
    "financing": "Financing",
    "basket": "Basket",
    "app": "App",
    "sign_in": "Sign-in",
    "support": "Support",
    "careers": "Careers",
}


def pages_of(workspace: Workspace) -> Mapping[str, tuple[str, ...]]:
    """Return the path patterns of the kinds that this workspace keeps its own for; with POSTCODE, those that it serves."""
    rows = PageKind.objects.filter(workspace=workspace).order_by("kind").values_list("kind", "patterns")
    pages = {kind: tuple(patterns) for kind, patterns in rows}
    served = served_postcodes(workspace)
    return pages | {POSTCODE: served} if served else pages


def served_postcodes(workspace: Workspace) -> tuple[str, ...]:
    """Return the patterns of the postcodes that the workspace serves; none: all."""
    area = ServedArea.objects.filter(workspace=workspace).first()
    return tuple(area.postcodes) if area else ()
