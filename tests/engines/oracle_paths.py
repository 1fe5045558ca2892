"""What a paths question means, said once more: plain Python, one person after the other. Never fast, and no code of the fold's."""

from collections import Counter
from fractions import Fraction

from tests.engines.oracle_matching import names, span
from tests.engines.oracle_steps import full, grouped, journey, period_of, serves


def answer(world, question):
    """`units`, `nodes`, `links`, and `groups` with a breakdown."""
    found = [one for person in world.names if (one := path_of(world, person, question))]
    told = drawn([path for *_, path in found], question)
    if "breakdown" in question:
        groups = grouped(found, question["breakdown"], world)
        told["groups"] = [{"value": value, **drawn([path for *_, path in own], question)} for value, own in groups]
    return told


def people(world, question):
    """Who `show: people` of a node or a link lists: [(person, when their anchor was)]."""
    found = [one for person in world.names if (one := path_of(world, person, question))]
    if "group" in question:
        groups = dict(grouped(found, question["breakdown"], world))
        found = groups.get(question["group"], [])
    paths = [path for *_, path in found]
    if "node" in question:
        wanted = {question.get("node_depth", 0): question["node"]}
    else:
        depth = question.get("link_depth", 1)
        ends = (depth - 1, depth) if question.get("direction", "after") == "after" else (depth, depth - 1)
        wanted = dict(zip(ends, (question["from"], question["to"]), strict=True))
    shown = [labels(paths, depth, question)[1] for depth in wanted]
    told = zip(found, zip(*shown, strict=True), strict=True)
    return [(one[0], one[1].at) for one, names in told if names == tuple(wanted.values())]


def path_of(world, person, question):
    """(person, the anchor, [(name of the node, when)] from the anchor on), or None."""
    steps = [full(question["anchor"], question), full(question.get("nodes", "*"), question)]
    _, low, high = period_of(question)
    own = journey(world, person, question)
    if question.get("direction", "after") == "before":
        own.reverse()
    places = [
        at
        for at, row in enumerate(own)
        if serves(world, row, steps[0], steps) and (low is None or row.at >= low) and (high is None or row.at < high)
    ]
    if not places:
        return None
    anchor, window = own[places[0]], span(question.get("window"))
    others = [row for row in own[places[0] + 1 :] if serves(world, row, steps[1], steps)]
    near = [row for row in others if window is None or abs(row.at - anchor.at) <= window]
    path = [(called(row, question), row.at) for row in (anchor, *near)]
    if question.get("collapse_repeats", True):
        path = [one for at, one in enumerate(path) if at == 0 or path[at - 1][0] != one[0]]
    return person, anchor, path[: question.get("depth", 4) + 1]


def called(row, question):
    by = question.get("by")
    if by is None:
        return row.event
    by = {"property": by, "event": "*"} if isinstance(by, str) else by
    applies = "*" in names(by) or row.event in names(by)
    return (applies and row.properties.get(by["property"])) or row.event


def drawn(paths, question):
    depth = question.get("depth", 4)
    is_after = question.get("direction", "after") == "after"
    end = "(end)" if is_after else "(start)"
    shown, nodes, links = [], [], []
    for d in range(depth + 1):
        kept, named = labels(paths, d, question)
        shown.append(named)
        counts = Counter(name for name in shown[d] if name is not None)
        ordered = [*kept, *(name for name in ("(other)", end) if counts[name])]
        nodes += [{"depth": d, "name": name, "count": counts[name]} for name in ordered]
        if d:
            links += sorted(
                links_at(d, paths, shown, end, is_after), key=lambda one: (-one["count"], *near_far(one, is_after))
            )
    return {"units": len(paths), "nodes": nodes, "links": links}


def labels(paths, d, question):
    """The names that stand alone at a depth, and what each path's node there is called."""
    end = "(end)" if question.get("direction", "after") == "after" else "(start)"
    sizes = Counter(path[d][0] for path in paths if len(path) > d)
    alone = sorted((name for name in sizes if name not in (end, "(other)")), key=lambda name: (-sizes[name], name))
    kept = alone[: question.get("top", 6)]
    return kept, [label(path, d, kept, end) for path in paths]


def label(path, d, kept, end):
    if len(path) < d:
        return None
    if len(path) == d:
        return end
    return path[d][0] if path[d][0] in kept else "(other)"


def links_at(d, paths, shown, end, is_after):
    pairs = {}
    for path, near, far in zip(paths, shown[d - 1], shown[d], strict=True):
        if far is not None:
            pairs.setdefault((near, far), []).append(None if far == end else abs(path[d][1] - path[d - 1][1]))
    for (near, far), spans in pairs.items():
        ends = {"from": near, "to": far} if is_after else {"from": far, "to": near}
        yield {"depth": d, **ends, "count": len(spans), "seconds": {"median": None if far == end else median(spans)}}


def near_far(link, is_after):
    return (link["from"], link["to"]) if is_after else (link["to"], link["from"])


def median(spans):
    spans = sorted(spans)
    middle = Fraction(spans[(len(spans) - 1) // 2] + spans[len(spans) // 2], 2)
    return float(middle / 1_000_000)
