"""What the page of a kind of question is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Form
from fullfunnel.analytics.forms.parts import Json
from fullfunnel.workspaces.models import Workspace

# From the names of the events that were seen to the fields of a first question.
Suggest = Callable[[set[str]], Any]


@dataclass(frozen=True)
class PeopleList:
    """The list of people behind a number of the page.

    title(question): the heading of the list. entered: the heading of the column of moments. back: the words of the link back.
    outcomes: other people that may be listed of the same number, as (the contract's `outcome`, words).
    """

    title: Callable[[Json], str]
    entered: str
    back: str
    outcomes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class QuestionPage:
    """The page of a kind: a form that is declared by its parts and controls, and a picture of the answer.

    picture: the template of the answer.
    suggest: makes the fields of a first question; begin: changes them as the workspace wants it.
    frame(fields, workspace): what `picture` reads of the workspace.
    present(fields, question, answer, beside): the context of the template `picture`. The shell of the page itself reads
    `sentence`, `table` (presenters/table.py) and `is_nothing` of it.
    rows(question, answer): the rows of the CSV, header first.
    hint: the text of a page on which nothing was chosen yet.
    also(fields, question): questions that are asked beside it; `beside` are their answers (None: there is none).
    """

    form: DeclaredForm
    picture: str
    suggest: Suggest
    present: Callable[[Any, Json, Json, list[Json | None]], Json]
    rows: Callable[[Json, Json], list[list[Any]]]
    hint: str
    also: Callable[[Any, Json], list[Json]] = lambda fields, question: []
    begin: Callable[[Any, Workspace], Any] = lambda fields, workspace: fields
    frame: Callable[[Any, Workspace], Json] = lambda fields, workspace: {}
    people_list: PeopleList | None = None
    needs_charts: bool = True


@dataclass(frozen=True)
class OwnPage:
    """A page with views and URLs of its own. Saved questions and links read its form."""

    form: Form
