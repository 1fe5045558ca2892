"""The funnel as a form.Form: its builder has more than a declaration can say."""

from datetime import datetime

from django.http import QueryDict

from fullfunnel.analytics.forms.link import read_fields, write_fields
from fullfunnel.analytics.forms.parts import Json
from fullfunnel.analytics.forms.question import control_of, from_question, to_question
from fullfunnel.analytics.forms.state import FunnelFields, edited
from fullfunnel.journeys.questions.words import step_label


class FunnelForm:
    name = "funnel"

    def read(self, query: QueryDict) -> FunnelFields | None:
        return read_fields(query)

    def write(self, fields: FunnelFields) -> str:
        return write_fields(fields)

    def view_of(self, fields: FunnelFields) -> str:
        return ""

    def to_question(self, fields: FunnelFields, now: datetime, zone: str) -> Json:
        return to_question(fields, now, zone)

    def from_question(self, question: Json, preset: str, zone: str, view: str = "") -> FunnelFields:
        return from_question(question, preset, zone)

    def is_complete(self, fields: FunnelFields) -> bool:
        return fields.is_complete()

    def control_of(self, field: str, fields: FunnelFields) -> str:
        return control_of(field, fields)

    def edited(self, fields: FunnelFields, do: str) -> tuple[FunnelFields, str]:
        after = edited(fields, do)
        return after, focus_after(do, after)

    def words(self, question: Json) -> str:
        return " → ".join(step_label(step) for step in question["steps"])


def focus_after(do: str, fields: FunnelFields) -> str:
    """The id of the control that has the focus after a press, so that the keyboard does not lose its place."""
    verb, _, rest = do.partition(":")
    places = [int(place) for place in rest.split(":") if place.isdecimal() and len(place) < 9]
    if verb == "add-step":
        return f"s{len(fields.steps)}-e0"
    if verb == "add-exclusion":
        return f"x{len(fields.exclusions)}-e0"
    if not places:
        return ""
    letter, verb = ("x", verb[2:]) if verb.startswith("x-") else ("s", verb)
    owners = fields.exclusions if letter == "x" else fields.steps
    at = places[0] + {"up": -1, "down": 1}.get(verb, 0)
    at = min(max(places[1] if verb == "move" and len(places) > 1 else at, 0), len(owners) - 1)
    if at < 0:
        return ""
    if verb == "add-condition":
        return f"{letter}{at + 1}-{len(owners[at].conditions) - 1}-p"
    if verb == "add-name":
        return f"{letter}{at + 1}-e{len(owners[at].events) - 1}"
    return f"{letter}{at + 1}-e0"
