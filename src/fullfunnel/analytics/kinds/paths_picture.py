"""Paths as a Sankey diagram and, on a phone, as lists; their sentence, table and file."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from fullfunnel.analytics.forms.form import QuestionFields
from fullfunnel.analytics.kinds.sankey import LAST, Flow, Node, Sankey, sankey
from fullfunnel.analytics.pictures import MAX_GROUPS, NO_VALUE
from fullfunnel.analytics.presenters.people_links import group_words, who
from fullfunnel.analytics.presenters.table import Linked, Table
from fullfunnel.core.numbers import NO_PERCENT_BELOW, duration, number, percent, percent_of
from fullfunnel.journeys.questions.words import name_words, period_words, short_label

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A node of the drawing with its words. `link`: the query string of the paths from there; "" for what is no event.

    `who`: whose path has it (presenters/people_links.py); "" where the drawing put several nodes of the answer together."""

    node: Node
    words: str
    short: str
    link: str
    share: str
    who: str = ""


@dataclass(frozen=True)
class Picture:
    """One drawing: of everybody, or of the group `name`. `flows`: each with whose path it is, "" where the drawing put several links of
    the answer together; `heads`: what stands above each column, and where; `steps`: the same as lists, by depth."""

    name: str
    units: int
    drawing: Sankey
    flows: list[tuple[Flow, str]]
    places: list[Place]
    heads: list[tuple[float, str]]
    steps: list[tuple[str, list[Place]]]


def present(
    link_to: Callable[[str, QuestionFields], str],
    fields: QuestionFields,
    question: Json,
    answer: Json,
    beside: list[Json | None],
) -> Json:
    """Return the context of templates/analytics/_paths.html. `link_to(name, fields)`: the query string of the paths from a node."""
    groups, link_of = answer.get("groups") or [], lambda name: link_to(name, fields)
    pictures = [_picture("", answer, answer["direction"], link_of)]
    pictures += [
        _picture(NO_VALUE if group["value"] is None else str(group["value"]), group, answer["direction"], link_of)
        for group in groups[:MAX_GROUPS]
    ]
    return {
        "is_nothing": not answer["units"],
        "picture": pictures[0],
        "group_pictures": pictures[1:],
        "more_groups": max(len(groups) - MAX_GROUPS, 0),
        "sentence": sentence(question, answer, fields.period.preset),
        "table": table(answer),
    }


def _picture(name: str, found: Json, direction: str, link_of: Callable[[str], str]) -> Picture:
    drawing = sankey(found["nodes"], found["links"], direction)
    group = _group_of(found)
    links = {(link["depth"], link["from"], link["to"], link["count"]): link_who(link, group) for link in found["links"]}
    flows = [(flow, links.get(_link_of(flow), "")) for flow in drawing.flows]
    # A list has room for every name of the answer, a drawing has not.
    listed = [Node(node["depth"], node["name"], node["count"]) for node in found["nodes"]]
    before: dict[int, int] = {0: found["units"]}
    for node in listed:
        if node.name not in LAST[1:]:
            before[node.depth + 1] = before.get(node.depth + 1, 0) + node.count
    places = [_place(node, before[node.depth], link_of, group) for node in listed]
    sizes = {(node.depth, node.name): node.count for node in listed}
    steps = [
        (step_words(depth, direction), list(of_depth))
        for depth, of_depth in groupby(places, lambda place: place.node.depth)
    ]
    drawn = [_place(node, before[node.depth], link_of, group) for node in drawing.nodes]
    drawn = [
        place if sizes.get((place.node.depth, place.node.name)) == place.node.count else replace(place, who="")
        for place in drawn
    ]
    heads = [(x, step_words(depth, direction)) for depth, x in {node.depth: node.x for node in drawing.nodes}.items()]
    return Picture(name, found["units"], drawing, flows, drawn, heads, steps)


def _group_of(found: Json) -> Json:
    return {"group": found["value"]} if "value" in found else {}


def _link_of(flow: Flow) -> tuple[int, str, str, int]:
    return max(flow.start.depth, flow.end.depth), flow.start.name, flow.end.name, flow.count


def link_who(link: Json, group: Json) -> str:
    """Whose path goes from the one node to the other."""
    return who(group, **{"from": link["from"], "to": link["to"], "link_depth": link["depth"]})


def _place(node: Node, whole: int, link_of: Callable[[str], str], group: Json) -> Place:
    words = name_words(node.name)
    share = percent(node.count / whole) if whole >= NO_PERCENT_BELOW else ""
    people = who(group, node=node.name, node_depth=node.depth)
    return Place(node, words, node.fitting(words), link_of(node.name), share, people)


def step_words(depth: int, direction: str) -> str:
    """ "Begin", "1 step later", "2 steps before"."""
    if depth == 0:
        return "Begin" if direction == "after" else "End"
    return f"{depth} step{'' if depth == 1 else 's'} {'later' if direction == 'after' else 'before'}"


def people_title(question: Json) -> str:
    """ "Whose path has “/pricing”, 2 steps before “Form submitted”"."""
    is_link, is_after = "from" in question, question.get("direction", "after") == "after"
    depth = question.get("link_depth", 1) if is_link else question.get("node_depth", 0)
    node, anchor = name_words(str(question.get("node", ""))), short_label(_step(question["anchor"]))
    if is_link:
        start, end = (name_words(str(question.get(name, ""))) for name in ("from", "to"))
        said = f"Whose path goes from “{start}” to “{end}”, {depth} step{'' if depth == 1 else 's'}"
    elif not depth:
        return f"Who did “{anchor}”{group_words(question)}"
    elif node in LAST[1:]:
        said = f"Who did nothing {'more' if is_after else 'earlier'}, {depth} step{'' if depth == 1 else 's'}"
    else:
        said = f"Whose path has “{node}”, {depth} step{'' if depth == 1 else 's'}"
    return f"{said} {'after' if is_after else 'before'} “{anchor}”{group_words(question)}"


def sentence(question: Json, answer: Json, preset: str) -> str:
    """ "Of 300 people who did “Page viewed” in the last 90 days, most went on to “Form submitted” (40 %); 12 % did nothing after it."."""
    when, label = period_words(preset, question), short_label(_step(question["anchor"]))
    units = answer["units"]
    if not units:
        return f"Nobody did “{label}” {when}."
    is_after = answer["direction"] == "after"
    said = f"{number(units)} {'person' if units == 1 else 'people'} did “{label}” {when}"
    first = [node for node in answer["nodes"] if node["depth"] == 1]
    most = next((node for node in first if node["name"] not in LAST), None)
    edge = next((node for node in first if node["name"] in LAST[1:]), None)
    if most:
        said += f"; most {'went on to' if is_after else 'came from'} “{name_words(most['name'])}”: {percent_of(most['count'], units)}"
    if edge:
        said += f"; nothing came {'after' if is_after else 'before'}: {percent_of(edge['count'], units)}"
    return said + "."


def _step(given: Any) -> Json:
    return {"event": given} if isinstance(given, str) else given


def _blocks(answer: Json) -> list[tuple[str, Json]]:
    groups = answer.get("groups") or []
    return [("", answer), *((NO_VALUE if each["value"] is None else str(each["value"]), each) for each in groups)]


def _shares(found: Json, direction: str) -> list[tuple[Json, float | None]]:
    """Each link with its share of those who stood at its node nearer to the anchor."""
    sizes = {(node["depth"], node["name"]): node["count"] for node in found["nodes"]}
    near = "from" if direction == "after" else "to"
    listed = []
    for link in found["links"]:
        whole = sizes.get((link["depth"] - 1, link[near]), 0)
        listed.append((link, link["count"] / whole if whole else None))
    return listed


def table(answer: Json) -> Table:
    head = [("Step", False), ("From", False), ("To", False), ("People", True), ("Share", True), ("Median time", True)]
    has_groups = bool(answer.get("groups"))
    rows = []
    for group, found in _blocks(answer):
        for link, share in _shares(found, answer["direction"]):
            row = [str(link["depth"]), *([group or "all"] if has_groups else [])]
            people = Linked(number(link["count"]), link_who(link, _group_of(found)))
            row += [name_words(link["from"]), name_words(link["to"]), people]
            rows.append([*row, percent(share), duration(link["seconds"]["median"])])
    if has_groups:
        head.insert(1, ("Group", False))
    return Table(head, rows)


def csv_rows(question: Json, answer: Json) -> list[list[Any]]:
    """A row for each link: group ("" is everybody), depth, from, to, count, share, median_seconds."""
    rows: list[list[Any]] = [["group", "depth", "from", "to", "count", "share", "median_seconds"]]
    for group, found in _blocks(answer):
        for link, share in _shares(found, answer["direction"]):
            names = [link["from"], link["to"]]
            rows.append([group, link["depth"], *names, link["count"], share, link["seconds"]["median"]])
    return rows
