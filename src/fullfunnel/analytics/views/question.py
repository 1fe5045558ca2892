"""The views of the pages that are declared: what differs from kind to kind is a kinds.page.QuestionPage."""

from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse

from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Control, QuestionFields
from fullfunnel.analytics.kinds.page import QuestionPage
from fullfunnel.analytics.kinds.wired import WiredPage
from fullfunnel.analytics.views.asking import Asked, Json, Opened, ask_long, asked_fields, opened_page
from fullfunnel.analytics.views.frame import csv_file, pressed, question_context, swapped
from fullfunnel.workspaces.scope import MemberRequest, View, allow


def page_view(wired: WiredPage, page: QuestionPage) -> View:
    """Return the view of a kind's page: the form and its answer. htmx asks for the answer alone."""

    @allow(wired.roles)
    def view(request: MemberRequest) -> HttpResponse:
        found, focus = pressed(request, opened_page(request, page), page.form)
        asked, beside = _asked_with_others(request, page, found)
        context = question_context(request, found, asked, page.form)
        context |= {"page": page, "wired": wired, "focus": focus} | drawn(page.form, found.fields)
        if asked and asked.answer:
            context |= page.frame(found.fields, request.workspace)
            context |= page.present(found.fields, asked.question, asked.answer, beside)
        return swapped(
            request, context, "analytics/question.html", "analytics/_question.html", "analytics/_question_result.html"
        )

    return view


def _asked_with_others(
    request: MemberRequest, page: QuestionPage, found: Opened
) -> tuple[Asked | None, list[Json | None]]:
    """The page's question and the answers of those beside it; where one of these is `waiting`, that one instead."""
    asked = asked_fields(request, found.fields, page.form)
    if asked is None or not asked.answer:
        return asked, []
    others = [ask_long(request, other) for other in page.also(found.fields, asked.question)]
    return next((other for other in others if other.waiting), asked), [other.answer for other in others]


def csv_view(wired: WiredPage, page: QuestionPage) -> View:
    """Return the view of a kind's table as a file."""

    @allow(wired.roles)
    def view(request: MemberRequest) -> HttpResponse:
        found = opened_page(request, page)
        asked = asked_fields(request, found.fields, page.form, may_wait=False)
        return csv_file(asked, partial(page.rows, asked.question if asked else {}), wired.name)

    return view


@dataclass(frozen=True)
class Drawn:
    """A control with what stands in it, as the template draws it."""

    control: Control
    name: str
    id: str
    value: str
    unit: str = ""

    def chosen(self) -> list[str]:
        """Of a control for many: what is chosen; all when nothing is said."""
        return self.value.split(",") if self.value else [value for value, _ in self.control.options]


def drawn(form: DeclaredForm, fields: QuestionFields) -> Json:
    """The parts and controls of a form as its template reads them."""
    parts = [
        {
            "part": part,
            "is_list": part.most > 1,
            "has_room": len(fields.parts[part.letter]) < part.most,
            "steps": [
                {
                    "fields": step,
                    "number": at + 1,
                    "at": at,
                    "controls": _drawn(part.controls, step.own, f"{part.letter}{at + 1}"),
                    "is_unfolded": any(step.own[each.key] != each.default for each in part.controls if each.is_folded),
                }
                for at, step in enumerate(fields.parts[part.letter])
            ],
        }
        for part in form.parts
    ]
    controls = _drawn(form.controls, fields.values)
    return {
        "parts": parts,
        "controls": [each for each in controls if not each.control.is_folded],
        "folded_controls": [each for each in controls if each.control.is_folded],
        # A choice of many is seen in the answer.
        "is_unfolded": any(
            each.value != each.control.default
            for each in controls
            if each.control.is_folded and each.control.form != "many"
        ),
    }


def _drawn(controls: tuple[Control, ...], values: dict[str, str], step: str = "") -> list[Drawn]:
    return [
        Drawn(
            control,
            f"{step}.{control.key}" if step else control.key,
            f"{step}-{control.key}" if step else control.key,
            values[control.key],
            values.get(f"{control.key}.unit", ""),
        )
        for control in controls
    ]
