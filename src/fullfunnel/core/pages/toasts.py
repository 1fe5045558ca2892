"""How an action went, told in one line at the foot of the page that moves nothing, with Undo where the action has one."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string

from fullfunnel.core.refused import Refused

KEPT_AS = "toast"


@dataclass(frozen=True)
class Toast:
    """`lead` stands in bold before the sentence. `undo` is an address to POST to; `opens` a page, in the drawer, called `label`."""

    sentence: str
    lead: str = ""
    undo: str = ""
    opens: str = ""
    label: str = ""
    is_refused: bool = False


def refused_toast(refused: Refused, *, lead: str = "", opens: str = "", label: str = "") -> Toast:
    """Return the toast of a refusal: `lead` says what stays as it is, `opens` leads to where it can be mended."""
    return Toast(refused.sentence, lead=lead, opens=opens, label=label, is_refused=True)


def answer_action(
    request: HttpRequest,
    toast: Toast,
    fragments: Iterable[str] = (),
    *,
    back: str,
    status: int | None = None,
    opens: str = "",
    closes_drawer: bool = False,
) -> HttpResponse:
    """Answer the request of an action: 200, or 422 with a refusal.

    htmx gets the changed fragments (each with an id and hx-swap-oob) and the toast; then `opens`, an address, opens in the
    drawer, or the drawer closes. Without htmx the answer redirects to `opens` or `back`, which shows the toast.
    """
    if request.headers.get("HX-Request") != "true":
        request.session[KEPT_AS] = asdict(toast)
        return redirect(opens or back)
    said = render_to_string("core/_toast.html", {"toast": toast, "is_swapped": True}, request)
    answer = HttpResponse("".join([*fragments, said]), status=status or (422 if toast.is_refused else 200))
    if opens or closes_drawer:
        answer["HX-Trigger"] = json.dumps({"drawer-opens": opens} if opens else {"drawer-closes": True})
    return answer


def standing_toast(request: HttpRequest) -> Toast | None:
    """Return the toast that the request before left for this page, once."""
    kept = request.session.pop(KEPT_AS, None) if hasattr(request, "session") and KEPT_AS in request.session else None
    return Toast(**kept) if kept else None
