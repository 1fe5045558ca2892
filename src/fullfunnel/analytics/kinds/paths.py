"""The page of paths."""

from dataclasses import replace
from functools import partial

from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Control, Part, QuestionFields
from fullfunnel.analytics.forms.state import ConditionFields
from fullfunnel.analytics.kinds import paths_picture
from fullfunnel.analytics.kinds.page import PeopleList, QuestionPage
from fullfunnel.analytics.kinds.sankey import LAST
from fullfunnel.analytics.suggestions import suggested_steps

LIMITED = (("hour", "hours"), ("day", "days"), ("week", "weeks"), ("none", "no limit"))

PATHS = DeclaredForm(
    name="paths",
    parts=(
        Part("a", "anchor", "From (or to)"),
        Part("n", "nodes", "Only through", is_needed=False, hint="anything they did"),
    ),
    controls=(
        Control(
            "direction",
            "direction",
            "Show what came",
            default="after",
            options=(("after", "after"), ("before", "before")),
        ),
        Control("depth", "depth", "Steps", default="4", form="number"),
        Control("top", "top", "Names at each step", default="6", form="number"),
        Control("node", "by.property", "Named by", form="property", after="the event’s name"),
        Control("of", "by.event", "of the event", form="event", after="any event"),
        Control(
            "collapse",
            "collapse_repeats",
            "The same several times in a row",
            default="1",
            form="flag",
            options=(("1", "is one"), ("0", "is several")),
            is_folded=True,
        ),
        Control("window", "window", "All within", form="span", options=LIMITED, is_folded=True),
    ),
)


def first_paths(seen: set[str]) -> QuestionFields:
    """Ask which pages came before the second step of the road of this workspace."""
    steps = suggested_steps(seen)
    has_pages = "page_viewed" in seen
    fields = PATHS.fields(a=steps[1:2] or steps, n=["page_viewed"] if has_pages else "")
    before = {"direction": "before"} if len(steps) > 1 else {}
    named = {"node": "path", "of": "page_viewed"} if has_pages else {}
    return replace(fields, values=fields.values | before | named)


def link_to(name: str, fields: QuestionFields) -> str:
    """Return the query string of the same question with the node `name` as its anchor; empty for a node that is no event."""
    if name in LAST:
        return ""
    anchor = PATHS.empty("a")
    named_by, of_event = fields.values["node"], fields.values["of"]
    # A value of the naming property (a path, mostly) is a condition on it; any other name is an event's.
    if named_by and (name.startswith("/") or not name.replace("_", "").isalnum()):
        condition = ConditionFields(named_by, "=", name)
        anchor = replace(anchor, events=(of_event or "*",), conditions=(condition,))
    else:
        anchor = replace(anchor, events=(name,))
    return PATHS.write(replace(fields, parts=fields.parts | {"a": (anchor,)}))


PAGE = QuestionPage(
    form=PATHS,
    picture="analytics/_paths.html",
    suggest=first_paths,
    present=partial(paths_picture.present, link_to),
    rows=paths_picture.csv_rows,
    hint="What people did after something, or before it, step by step. Choose where the paths begin.",
    people_list=PeopleList(title=paths_picture.people_title, entered="Path began", back="the paths"),
    needs_charts=False,
)
