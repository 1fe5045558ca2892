"""The pages of the declared kinds of questions."""

from fullfunnel.analytics.forms.kind import QuestionFields
from fullfunnel.analytics.forms.kinds import TREND
from fullfunnel.analytics.shown import trend as shown_trend
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.views.question import QuestionPage, csv_of, page_of


def first_trend(seen: set[str]) -> QuestionFields:
    """Who began the road that this workspace has, and who came to its end."""
    steps = suggested_steps(seen)
    return TREND.fields(e=[steps[0], steps[-1]] if len(steps) > 1 else steps)


TREND_PAGE = QuestionPage(
    kind=TREND,
    title="Trend",
    icon="chart-line",
    picture="analytics/_trend.html",
    suggest=first_trend,
    also=shown_trend.also_asked,
    shown=shown_trend.shown,
    rows=shown_trend.csv_rows,
    why="Each line is an event that was seen: how many, or how many people, day by day. Choose the first.",
)
trend, trend_csv = page_of(TREND_PAGE), csv_of(TREND_PAGE)
