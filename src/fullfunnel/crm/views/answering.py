"""How the inbox answers an act: the row as it is now, the counts, and a toast; the page's script goes on to the next row."""

import json
from dataclasses import replace

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from fullfunnel.core.pages import Form, Toast, answer_action, refused_toast
from fullfunnel.core.refused import Refused
from fullfunnel.crm.inbox.rows import rows_of
from fullfunnel.crm.inbox.sheet import act_named, inbox_url
from fullfunnel.crm.models import HandOver
from fullfunnel.crm.views.inbox import counted, seen_hand_over
from fullfunnel.workspaces.scope import MemberRequest

TRIGGER = "HX-Trigger"


def done(
    request: MemberRequest, one: HandOver, sentence: str, *, undo: str = "", goes_on: bool = False
) -> HttpResponse:
    """Answer an act that was done. undo: the address that takes it back; goes_on: the cursor moves to the next row."""
    name = str(one.person)
    toast = Toast(sentence, lead=name, undo=f"{undo}?{request.GET.urlencode()}" if undo else "")
    return _answer(request, one, toast, goes_on=goes_on)


def refused(request: MemberRequest, one: HandOver, why: Refused) -> HttpResponse:
    """Answer an act that was refused. What a colleague decided meanwhile is shown, and the cursor moves on."""
    before = one.outcome
    now = seen_hand_over(request, one.public_id)
    moved = now is None or now.outcome != before
    return _answer(request, now or one, refused_toast(why, lead=f"{one.person}:"), goes_on=moved)


def wrong_form(request: MemberRequest, one: HandOver, name: str, form: Form, why: str) -> HttpResponse:
    """Answer a form that is wrong: it stands again with the reasons; without htmx the page says the first of them."""
    fragment = _drawn(request, "_act", {"act": act_named(name, request.member, form), "chosen": rows_of([one])[0]})
    toast = refused_toast(Refused(why), lead=f"{one.person}:")
    return answer_action(request, toast, [fragment], back=back_to(request, one))


def _answer(request: MemberRequest, one: HandOver, toast: Toast, *, goes_on: bool) -> HttpResponse:
    now = seen_hand_over(request, one.public_id)
    # What went to somebody else may be hidden from now on: nothing of it is drawn, and it is not gone back to.
    drawn = [_drawn(request, "_row", {"row": row}) for row in rows_of([now] if now else [])]
    drawn += [_drawn(request, name, {}) for name in ("_tabs", "_said", "_nav")]
    goes_on = goes_on or now is None
    toast = toast if now else replace(toast, undo="")
    answer = answer_action(request, toast, drawn, back=back_to(request, one, is_list=goes_on))
    if request.headers.get("HX-Request") == "true":
        said = {"id": one.public_id, "goesOn": goes_on, "address": back_to(request, one)}
        answer.headers[TRIGGER] = json.dumps({"inbox-answered": said})
    return answer


def _drawn(request: MemberRequest, name: str, context: dict[str, object]) -> str:
    return render_to_string(f"crm/inbox/{name}.html", counted(request) | context | {"is_swapped": True}, request)


def back_to(request: MemberRequest, one: HandOver, *, is_list: bool = False) -> str:
    """Return where who has no JavaScript goes on: to the record, or to the list with who is next."""
    here = reverse("crm:inbox", args=[request.workspace.slug]) if is_list else inbox_url(one)
    return f"{here}?{counted(request)['kept']}"
