"""Reading a paths question: its JSON (docs/asking.md) into a `Paths`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fullfunnel.analytics.questions.fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.analytics.questions.lists import PIECE, lists_people, read_piece
from fullfunnel.analytics.questions.shapes import ANY, Naming, NodeList, Paths
from fullfunnel.analytics.questions.steps import read_step, refuse_segment

BASE = ("kind", "anchor", "nodes", "direction", "depth", "top", "collapse_repeats", "by", "window")
SHARED = ("where", "breakdown", "period", "people")
LISTED = ("node", "node_depth")
OF = ("event", "person")
DEEPEST, MOST_NAMED = 10, 20


def read_paths(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Paths:
    """The paths that `given` asks for; QuestionError where they cannot be read."""
    fields = Fields(given, "", BASE + SHARED + PIECE + LISTED)
    refuse_segment(fields)
    if not fields.has("anchor"):
        raise fields.refuse("anchor", 'is needed: the event that the paths begin or end with, such as "signed_up"')
    anchor = read_step(fields.given["anchor"], "anchor", canonical, of=OF)
    nodes = read_step(fields.given.get("nodes", ANY), "nodes", canonical, of=OF)
    where, depth = fields.where(of=OF), fields.whole("depth", 4, 1, DEEPEST)
    return Paths(
        anchor=replace(anchor, where=anchor.where + where),
        nodes=replace(nodes, where=nodes.where + where),
        direction=fields.choice("direction", ("after", "before"), "after"),
        depth=depth,
        top=fields.whole("top", 6, 1, MOST_NAMED),
        collapse_repeats=fields.flag("collapse_repeats", True),
        by=_naming(fields, canonical),
        window=fields.span("window", None),
        breakdown=read_breakdown(fields, ("event", "person", "company"), 0),
        period=read_period(fields, timezone),
        people_list=_people_list(fields, depth) if lists_people(fields) else None,
    )


def _people_list(fields: Fields, depth: int) -> NodeList:
    if not fields.text("node"):
        raise fields.refuse(
            "node", "is needed: the name of the node whose people are listed, as the answer's nodes have it"
        )
    return NodeList(**read_piece(fields), node=fields.text("node"), node_depth=fields.whole("node_depth", 0, 0, depth))


def _naming(fields: Fields, canonical: Canonical) -> Naming | None:
    given = fields.given.get("by")
    if given is None:
        return None
    if isinstance(given, str):
        given = {"property": given}
    inner = Fields(given, fields.at("by"), ("property", "event"))
    name = inner.text("property")
    if not name:
        raise inner.refuse("property", "must be the name of a property whose value names the nodes, such as 'path'")
    return Naming(name, inner.events(canonical) if inner.has("event") else (ANY,))
