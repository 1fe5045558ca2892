"""Every kind of question that has a page. A saved question opens on the page of its kind."""

from fullfunnel.analytics.forms.attribution_kind import ATTRIBUTION
from fullfunnel.analytics.forms.declared import DeclaredKind
from fullfunnel.analytics.forms.funnel_kind import FunnelKind
from fullfunnel.analytics.forms.kind import Control, Kind, Part
from fullfunnel.journeys.trend.question import MOST_SERIES

BUCKETS = (("hour", "hour"), ("day", "day"), ("week", "week"), ("month", "month"))
LIMITED = (("hour", "hours"), ("day", "days"), ("week", "weeks"), ("none", "no limit"))
MEASURES = (
    ("people", "how many people"),
    ("events", "how many events"),
    ("sum", "the sum of"),
    ("mean", "the mean of"),
    ("median", "the median of"),
    ("p90", "90 % are below, of"),
)

FUNNEL = FunnelKind()
TREND = DeclaredKind(
    name="trend",
    parts=(
        Part(
            "e",
            "series",
            "Lines",
            most=MOST_SERIES,
            add="Add a line",
            controls=(
                Control("measure", "measure", "Count", default="people", options=MEASURES),
                Control("property", "property", "Property", form="property"),
                Control("label", "label", "Name it", form="text", after="as the event", is_folded=True),
            ),
        ),
    ),
    controls=(
        Control("each", "by", "For each", default="day", options=BUCKETS),
        Control("compare", "", "Compare with", default="1", options=(("1", "the period before"), ("0", "nothing"))),
    ),
)
RETENTION = DeclaredKind(
    name="retention",
    parts=(
        Part("a", "start", "They begin with"),
        Part("r", "return", "They come back with", is_needed=False, hint="the same event"),
    ),
    controls=(
        Control("each", "by", "Cohorts are those of a", default="week", options=BUCKETS),
        Control("periods", "periods", "Followed for", default="8", form="number", after="of them"),
        Control(
            "mode",
            "mode",
            "Somebody is back",
            default="on",
            options=(("on", "in that very one"), ("on_or_after", "in it or any later")),
        ),
    ),
)
PATHS = DeclaredKind(
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
KINDS: dict[str, Kind] = {kind.name: kind for kind in (FUNNEL, TREND, RETENTION, PATHS, ATTRIBUTION)}
