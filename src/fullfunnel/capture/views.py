"""The page of the workspace's own channels: ordered rules, what they would change, and the press that applies them."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fullfunnel.capture import actions
from fullfunnel.capture.models import ChannelGroup, load_rules
from fullfunnel.capture.own_channels.fields import Rules, as_json, edited, from_json, read_fields
from fullfunnel.capture.own_channels.preview import DAYS, Preview, preview
from fullfunnel.capture.own_channels.rules import read_rules
from fullfunnel.core.pages import tell
from fullfunnel.events.conditions import OPERATORS, QuestionError
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.models import EventProperty
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow

MAX_NAMES = 500


@dataclass(frozen=True)
class Wrong:
    """A refusal: the rule and the condition it is about (from 0; -1: none), and its sentence."""

    message: str
    rule: int = -1
    condition: int = -1


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def channels(request: MemberRequest) -> HttpResponse:
    group = ChannelGroup.objects.filter(workspace=request.workspace).first()
    if request.method != "POST":
        return _page(request, group, from_json(group.rules if group else []))
    fields, do = read_fields(request.POST), request.POST.get("do", "preview")
    if do == "apply":
        return _apply(request, group, fields)
    if do != "preview":
        fields, focus = edited(fields, do)
        return _page(request, group, fields, focus=focus)
    found = _previewed(request, fields)
    return _page(request, group, fields, **({"wrong": found} if isinstance(found, Wrong) else {"found": found}))


def _apply(request: MemberRequest, group: ChannelGroup | None, fields: Rules) -> HttpResponse:
    applied = actions.apply_channel_rules(request.workspace, rules=as_json(fields), by=request.member)
    if not isinstance(applied, ChannelGroup):
        return _page(request, group, fields, wrong=_wrong(applied.field, applied.sentence))
    tell(request, applied, "Applied: questions by channel_group use these channels, for all of the past as well.")
    return redirect("capture:channels", request.workspace.slug)


def _previewed(request: MemberRequest, fields: Rules) -> Preview | Wrong:
    try:
        rules = read_rules(as_json(fields))
        return preview(request.workspace.pk, load_rules(request.workspace.pk)[1], rules)
    except QuestionError as error:
        return _wrong(error.field, f"{error.field}: {error.message}")
    except TimeoutError:
        return Wrong("The preview took too long. The rules can be applied without it.")


def _wrong(field: str, message: str) -> Wrong:
    """ "rules[1].where[0].op" is about the first condition of the second rule."""
    places = [int(part.partition("]")[0]) for part in field.split("[")[1:]]
    said = message.removeprefix(f"{field}: ")
    return Wrong(f"{said[:1].upper()}{said[1:]}", *places[:2])


def _rows(fields: Rules, wrong: Wrong | None, focus: str) -> list[dict[str, Any]]:
    """Return what the template of a rule reads; `focus` without the rule's own "r1-"."""
    rows = []
    for at, rule in enumerate(fields):
        row: dict[str, Any] = {"rule": rule, "at": at, "number": at + 1, "is_last": at + 1 == len(fields)}
        row["focus"] = focus.partition("-")[2] if focus.partition("-")[0] == f"r{at + 1}" else ""
        row["wrong"] = wrong if wrong and wrong.rule == at else None
        rows.append(row)
    return rows


def _page(
    request: MemberRequest,
    group: ChannelGroup | None,
    fields: Rules,
    *,
    found: Preview | None = None,
    wrong: Wrong | None = None,
    focus: str = "",
) -> HttpResponse:
    seen = EventProperty.objects.filter(workspace=request.workspace).order_by("name").values_list("name", flat=True)
    first = ["source", "medium", "campaign", "channel", "gclid", "msclkid", "fbclid", "li_fat_id", "ttclid"]
    context: dict[str, Any] = {
        "group": group, "rows": _rows(fields, wrong, focus), "found": found, "wrong": wrong, "focus": focus, "days": DAYS,
        "is_changed": as_json(fields) != (group.rules if group else []), "operators": OPERATORS.items(), "section": "channels",
        "properties": list(dict.fromkeys([*first, *PROMOTED, *seen.distinct()[:MAX_NAMES]])),
    }  # fmt: skip
    return render(request, "capture/channels.html", context, status=422 if wrong else 200)
