"""The page of trends."""

from fullfunnel.analytics.forms.choices import BUCKETS
from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Control, Part, QuestionFields
from fullfunnel.analytics.kinds import trend_picture
from fullfunnel.analytics.kinds.page import PeopleList, QuestionPage
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.journeys.trend.question import MAX_SERIES

MEASURES = (
    ("people", "how many people"),
    ("events", "how many events"),
    ("sum", "the sum of"),
    ("mean", "the mean of"),
    ("median", "the median of"),
    ("p90", "90 % are below, of"),
)

TREND = DeclaredForm(
    name="trend",
    parts=(
        Part(
            "e",
            "series",
            "Lines",
            most=MAX_SERIES,
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


def first_trend(seen: set[str]) -> QuestionFields:
    """Ask how many people began the road of this workspace."""
    return TREND.fields(e=suggested_steps(seen)[:1])


PAGE = QuestionPage(
    form=TREND,
    picture="analytics/_trend.html",
    suggest=first_trend,
    also=trend_picture.also_asked,
    present=trend_picture.present,
    rows=trend_picture.csv_rows,
    hint="Each line is an event that was seen: how many, or how many people, day by day. Choose the first.",
    people_list=PeopleList(title=trend_picture.people_title, entered="First then", back="the trend"),
)
