"""The pages of the declared kinds of questions."""

from dataclasses import replace

from fullfunnel.analytics.forms.kind import QuestionFields
from fullfunnel.analytics.forms.kinds import PATHS, RETENTION, TREND
from fullfunnel.analytics.shown import paths as shown_paths
from fullfunnel.analytics.shown import retention as shown_retention
from fullfunnel.analytics.shown import trend as shown_trend
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.views.listed import Listing, listed_of
from fullfunnel.analytics.views.question import QuestionPage, csv_of, page_of


def first_trend(seen: set[str]) -> QuestionFields:
    """How many people began the road that this workspace has."""
    return TREND.fields(e=suggested_steps(seen)[:1])


TREND_LIST = Listing(title=shown_trend.people_title, entered="First then", back="the trend")
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
trend, trend_csv, trend_people = page_of(TREND_PAGE), csv_of(TREND_PAGE), listed_of(TREND_PAGE, TREND_LIST)


def first_retention(seen: set[str]) -> QuestionFields:
    """Who came back to where the road of this workspace begins."""
    return RETENTION.fields(a=suggested_steps(seen)[:1])


def first_paths(seen: set[str]) -> QuestionFields:
    """Which pages came before the second step of the road that this workspace has."""
    steps = suggested_steps(seen)
    has_pages = "page_viewed" in seen
    fields = PATHS.fields(a=steps[1:2] or steps, n=["page_viewed"] if has_pages else "")
    before = {"direction": "before"} if len(steps) > 1 else {}
    named = {"node": "path", "of": "page_viewed"} if has_pages else {}
    return replace(fields, values=fields.values | before | named)


RETENTION_LIST = Listing(
    title=shown_retention.people_title,
    entered="Began",
    back="retention",
    outcomes=(("returned", "Came back"), ("stayed_away", "Did not"), ("began", "All who began")),
)
RETENTION_PAGE = QuestionPage(
    kind=RETENTION,
    title="Retention",
    icon="grid-dots",
    picture="analytics/_retention.html",
    suggest=first_retention,
    shown=shown_retention.shown,
    rows=shown_retention.csv_rows,
    why="Each row is those who began in one week, each column how many of them were back some weeks later. Choose what it begins with.",
)
PATHS_LIST = Listing(title=shown_paths.people_title, entered="Path began", back="the paths")
PATHS_PAGE = QuestionPage(
    kind=PATHS,
    title="Paths",
    icon="route",
    picture="analytics/_paths.html",
    suggest=first_paths,
    shown=shown_paths.shown,
    rows=shown_paths.csv_rows,
    why="What people did after something, or before it, step by step. Choose where the paths begin.",
    needs_charts=False,
)
retention, retention_csv = page_of(RETENTION_PAGE), csv_of(RETENTION_PAGE)
retention_people = listed_of(RETENTION_PAGE, RETENTION_LIST)
paths, paths_csv, paths_people = page_of(PATHS_PAGE), csv_of(PATHS_PAGE), listed_of(PATHS_PAGE, PATHS_LIST)
