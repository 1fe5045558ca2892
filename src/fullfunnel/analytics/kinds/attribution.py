"""The page of attribution: by one model, or all side by side."""

from dataclasses import replace

from fullfunnel.analytics.forms.declared import DeclaredForm
from fullfunnel.analytics.forms.form import Control, Part, QuestionFields
from fullfunnel.analytics.forms.parts import Json
from fullfunnel.analytics.kinds import attribution_picture
from fullfunnel.analytics.kinds.attribution_models import MODEL_NAMES
from fullfunnel.analytics.kinds.attribution_single import model_choices
from fullfunnel.analytics.kinds.page import QuestionPage
from fullfunnel.analytics.suggestions import suggested_steps
from fullfunnel.journeys.questions.words import span_words
from fullfunnel.workspaces.models import Workspace

VALUES = (
    ("channel", "channel"),
    ("channel_group", "your channels"),
    ("source", "source"),
    ("medium", "medium"),
    ("campaign", "campaign"),
    ("content", "content of the ad"),
    ("term", "search term"),
    ("referrer", "referring site"),
    ("landing_page", "landing page"),
)
SHOWN = (("share", "shares"), ("conversions", "conversions"), ("money", "money"))
BACK = (("day", "days"), ("week", "weeks"), ("none", "no limit"))

ATTRIBUTION = DeclaredForm(
    name="attribution",
    parts=(
        Part(
            "c",
            "conversion",
            "Conversion",
            hint="event",
            controls=(
                Control(
                    "worth", "value", "Worth", default="revenue", form="property", after="a property that holds money"
                ),
            ),
        ),
        Part("t", "touches", "Touches", is_needed=False, hint="the beginning of each session"),
    ),
    controls=(
        Control("of", "by", "Compare by", default="channel", options=VALUES),
        Control("show", "", "Show", default="share", options=SHOWN),
        Control("back", "lookback", "Touches count for", default="90", form="span", options=BACK, after="before"),
        Control("models", "models", "Models", form="many", options=tuple(MODEL_NAMES.items()), is_folded=True),
        Control(
            "half",
            "half_life",
            "Time decay: half as much after",
            default="7",
            form="span",
            options=BACK[:2],
            is_folded=True,
        ),
        Control(
            "lead", "milestones.lead.event", "Lead began with", form="event", after="Lead captured", is_folded=True
        ),
        Control(
            "deal",
            "milestones.opportunity.event",
            "Opportunity with",
            form="event",
            after="Deal created",
            is_folded=True,
        ),
        Control(
            "most", "limit", "Values shown", default="12", form="number", after="the rest together", is_folded=True
        ),
    ),
    breakdown_owners=(("event", "of what was earned"), ("person", "of the person"), ("company", "of the company")),
)


def first_attribution(seen: set[str]) -> QuestionFields:
    """Ask about the last step of the road of this workspace."""
    road = suggested_steps(seen)
    return ATTRIBUTION.fields(c=road[-1:] if len(road) > 1 else [])


def by_the_workspaces_model(fields: QuestionFields, workspace: Workspace) -> QuestionFields:
    """The first question by one model; what an address or a saved question says stays as it is."""
    return replace(fields, values=fields.values | {"models": workspace.attribution_model})


def choices_of(fields: QuestionFields, workspace: Workspace) -> Json:
    """Return what templates/analytics/_attribution_models.html reads."""

    def link_of(models: str) -> str:
        return ATTRIBUTION.write(replace(fields, values=fields.values | {"models": models}))

    amount, unit = fields.values["half"], fields.values["half.unit"]
    half_life = span_words({"value": int(amount), "unit": unit}) if amount.isdecimal() else "the time chosen"
    return model_choices(fields.values["models"], workspace.attribution_model, half_life, link_of)


def present(fields: QuestionFields, question: Json, answer: Json, beside: list[Json | None]) -> Json:
    """Return the context of templates/analytics/_attribution.html."""
    context = attribution_picture.present(fields, question, answer)
    return context | {"silent_link": _of_a_form(fields), "without_money": without_money(fields, answer)}


def without_money(fields: QuestionFields, answer: Json) -> str:
    """Why there are no amounts, where somebody asked for some: named their property, or has money shown; else ""."""
    conversion, (worth,) = fields.parts["c"][0], ATTRIBUTION.parts[0].controls
    is_asked = fields.values["show"] == "money" or conversion.own[worth.key] != worth.default
    notes = [note["message"] for note in answer.get("notes", []) if note["field"] == "conversion.value"]
    if not notes or not is_asked:
        return ""
    return f"“{worth.words}” {notes[0]}" + ("" if notes[0].endswith("?") else ".")


def _of_a_form(fields: QuestionFields) -> str:
    """The query string of the same question about a form that arrived; "" where it is asked already."""
    parts = fields.parts | ATTRIBUTION.fields(c="form_submitted").parts
    return (
        "" if fields.parts["c"][0].events == parts["c"][0].events else ATTRIBUTION.write(replace(fields, parts=parts))
    )


PAGE = QuestionPage(
    form=ATTRIBUTION,
    picture="analytics/_attribution.html",
    suggest=first_attribution,
    present=present,
    begin=by_the_workspaces_model,
    frame=choices_of,
    rows=attribution_picture.csv_rows,
    hint="Each model has its own answer to who earned a conversion. Choose the event that was earned, a won deal or an order.",
    needs_charts=False,
)
