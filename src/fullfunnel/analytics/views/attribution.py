"""The page of attribution: all models side by side."""

from fullfunnel.analytics.forms.attribution_kind import ATTRIBUTION
from fullfunnel.analytics.forms.kind import QuestionFields
from fullfunnel.analytics.shown import attribution as shown_attribution
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.analytics.views.question import QuestionPage, csv_of, page_of


def first_attribution(seen: set[str]) -> QuestionFields:
    """Who earned what the road of this workspace leads to."""
    road = suggested_steps(seen)
    return ATTRIBUTION.fields(c=road[-1:] if len(road) > 1 else [])


ATTRIBUTION_PAGE = QuestionPage(
    kind=ATTRIBUTION,
    title="Attribution",
    icon="scale",
    picture="analytics/_attribution.html",
    suggest=first_attribution,
    shown=shown_attribution.shown,
    rows=shown_attribution.csv_rows,
    why="Each model has its own answer to who earned a conversion. Choose the event that was earned, a won deal or an order.",
    needs_charts=False,
)
attribution, attribution_csv = page_of(ATTRIBUTION_PAGE), csv_of(ATTRIBUTION_PAGE)
