"""The page of retention."""

from fullfunnel.analytics.forms.choices import BUCKETS
from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Control, Part, QuestionFields
from fullfunnel.analytics.kinds import retention_picture
from fullfunnel.analytics.kinds.page import PeopleList, QuestionPage
from fullfunnel.analytics.suggestions import suggested_steps

WHICH = Control(
    "first",
    "first_ever",
    "Which of them",
    form="flag",
    options=(("", "any"), ("1", "only the first of all time")),
)
RETENTION = DeclaredForm(
    name="retention",
    parts=(
        Part("a", "start", "They begin with", controls=(WHICH,)),
        Part("r", "return", "They come back with", is_needed=False, hint="the same event", controls=(WHICH,)),
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


def first_retention(seen: set[str]) -> QuestionFields:
    """Ask how many came back to the first step of the road of this workspace."""
    return RETENTION.fields(a=suggested_steps(seen)[:1])


PAGE = QuestionPage(
    form=RETENTION,
    picture="analytics/_retention.html",
    suggest=first_retention,
    present=retention_picture.present,
    rows=retention_picture.csv_rows,
    hint="Each row is those who began in one week, each column how many of them were back some weeks later. Choose what it begins with.",
    people_list=PeopleList(
        title=retention_picture.people_title,
        entered="Began",
        back="retention",
        outcomes=(("returned", "Came back"), ("stayed_away", "Did not"), ("began", "All who began")),
    ),
)
