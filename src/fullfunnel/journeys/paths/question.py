"""Reading a paths question: its JSON (docs/spec/questions.md) into a `Paths`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fullfunnel.journeys.questions.fields import Canonical, Fields, read_breakdown, read_period
from fullfunnel.journeys.questions.people_lists import PIECE, lists_people, read_piece
from fullfunnel.journeys.questions.shapes import ANY, LinkList, Naming, NodeList, Paths
from fullfunnel.journeys.questions.steps import read_step, refuse_segment

BASE = ("kind", "anchor", "nodes", "direction", "depth", "top", "collapse_repeats", "by", "window")
SHARED = ("where", "breakdown", "period", "people")
NODE, LINK = ("node", "node_depth"), ("from", "to", "link_depth")
OF = ("event", "person")
DEEPEST, MAX_NAMED = 10, 20


def read_paths(given: Mapping[str, Any], canonical: Canonical, timezone: str) -> Paths:
    """The paths that `given` asks for; QuestionError where they cannot be read."""
    fields = Fields(given, "", BASE + SHARED + PIECE + NODE + LINK)
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
        top=fields.whole("top", 6, 1, MAX_NAMED),
        collapse_repeats=fields.flag("collapse_repeats", True),
        by=_naming(fields, canonical),
        window=fields.span("window", None),
        breakdown=read_breakdown(fields, ("event", "person", "company"), 0),
        period=read_period(fields, timezone),
        people_list=_people_list(fields, depth) if lists_people(fields) else None,
    )


def _people_list(fields: Fields, depth: int) -> NodeList | LinkList:
    is_link, named = any(map(fields.has, LINK)), [name for name in NODE if fields.has(name)]
    if is_link and named:
        raise fields.refuse(named[0], "is of a node, 'from' and 'to' are of a link; ask about one of them")
    for name in LINK[:2] if is_link else NODE[:1]:
        if not fields.text(name):
            hint = "of a node as the answer names it; a link has a 'from' and a 'to', as its links do"
            raise fields.refuse(name, f"is needed: the name {hint}")
    piece = read_piece(fields)
    if not is_link:
        return NodeList(**piece, node=fields.text("node"), node_depth=fields.whole("node_depth", 0, 0, depth))
    deep = fields.whole("link_depth", 1, 1, depth)
    return LinkList(**piece, start=fields.text("from"), end=fields.text("to"), depth=deep)


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
