"""Leaks: the list, the page of one with its people, and what may be done with it."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.analytics.views.asking import Asked, ask_long
from fullfunnel.analytics.views.behind import people_of
from fullfunnel.analytics.views.frame import csv_file
from fullfunnel.core import clock
from fullfunnel.core.pages import Form, Toast, answer_action, asked_page, refused_toast
from fullfunnel.core.refused import Refused
from fullfunnel.stages import leak_actions
from fullfunnel.stages.leaks import forms, page, showing, words
from fullfunnel.stages.leaks.models import Leak
from fullfunnel.stages.leaks.on_tick import leaks_question
from fullfunnel.stages.things import deals_of, hand_overs_of
from fullfunnel.workspaces.models import Membership
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

Json = dict[str, Any]
OUTCOMES = {"hit": "Hit by it", "lost": "Did not go on", "all": "All of the group"}
USUAL = timedelta(days=7)


@allow(EVERYONE)
@require_safe
def leak_list(request: MemberRequest) -> HttpResponse:
    """List the open leaks by money, then the mended ones and what is none."""
    leaks, scan = showing.leaks_of(request.workspace), showing.scan_of(request.workspace)
    rows, (mended, closed) = showing.rows_of(leaks), showing.others_of(leaks)
    context: Json = {"workspace": request.workspace, "rows": rows, "mended": mended, "closed": closed, "scan": scan}
    context["sentence"] = page.sentence_of(rows, mended)
    context["notes"] = showing.footnotes(scan)
    context["patterns"] = [words.pattern_words(one) for one in scan.answer["unproven"]] if scan else []
    return render(request, "stages/leaks/list.html", context)


@allow(EVERYONE)
@require_safe
def leak_csv(request: MemberRequest) -> HttpResponse:
    """Write the leaks as a file."""
    rows = [showing.Row(leak, 0) for leak in showing.leaks_of(request.workspace)]
    return csv_file(Asked({}, {"rows": rows}), lambda answer: page.csv_rows(answer["rows"]), "leaks")


def _row(request: MemberRequest, leak_id: str) -> showing.Row:
    leaks = showing.leaks_of(request.workspace)
    found = get_object_or_404(Leak, workspace=request.workspace, public_id=leak_id)
    numbered = {row.leak.pk: row for row in showing.rows_of(leaks)}
    same = next(leak for leak in leaks if leak.pk == found.pk)
    return numbered.get(found.pk, showing.Row(same, 0))


@allow(EVERYONE)
@require_safe
def leak(request: MemberRequest, leak_id: str) -> HttpResponse:
    """Show a leak's evidence, its price, what happened to it, and what may be done."""
    row = _row(request, leak_id)
    context = page.page_of(row) | {"workspace": request.workspace, "may_act": request.may(EDITORS)}
    today = clock.now().date()
    members = page.members_of(row.leak)
    context["give"] = forms.Give(members=members, initial={"due_on": today + USUAL}, auto_id="give-%s")
    context["mend"] = forms.Mend(initial={"on": today}, auto_id="mend-%s")
    context["close"] = forms.Close(auto_id="close-%s")
    return render(request, "stages/leaks/leak.html", context)


@allow(EVERYONE)
@require_safe
def who(request: MemberRequest, leak_id: str) -> HttpResponse:
    """List the people of a leak: `outcome`, and `page` (from 1)."""
    row, at = _row(request, leak_id), asked_page(request)
    wanted = request.GET.get("outcome", "")
    wanted = wanted if wanted in OUTCOMES else "hit"
    question = leaks_question(request.workspace) | {"leak": row.leak.key, "show": "people", "outcome": wanted}
    asked = ask_long(request, question | {"limit": at.size, "offset": at.offset})
    context: Json = {
        "workspace": request.workspace,
        "asked": asked,
        "row": row,
        "units": words.units(row.leak.evidence),
    }
    context["outcomes"] = [(label, f"?outcome={name}", name == wanted) for name, label in OUTCOMES.items()]
    if asked.answer:
        context |= _listed(request, asked.answer) | {"page": at.of(asked.answer["total"])}
    return render(request, "stages/leaks/people.html", context)


def _listed(request: MemberRequest, answer: Json) -> Json:
    rows, found = answer["people"], {"total": answer["total"]}
    if rows and "hand_over" in rows[0]:
        return found | {"hand_overs": hand_overs_of(request.workspace, rows)}
    if rows and "deal" in rows[0]:
        return found | {"deals": deals_of(request.workspace, rows)}
    return found | {"people": people_of(request.workspace, rows)}


@allow(EDITORS)
@require_POST
def give(request: MemberRequest, leak_id: str) -> HttpResponse:
    row = _row(request, leak_id)
    form = forms.Give(request.POST, members=page.members_of(row.leak))
    if not form.is_valid():
        return _refused(request, row, form)
    member = Membership.objects.select_related("user").get(workspace=request.workspace, pk=form.cleaned_data["to"])
    given = leak_actions.give_leak(row.leak, to=member.user, due_on=form.cleaned_data["due_on"], by=request.member)
    return _done(request, row, given, f"is given to {member.user}: a task and a notice.")


@allow(EDITORS)
@require_POST
def mend(request: MemberRequest, leak_id: str) -> HttpResponse:
    row, form = _row(request, leak_id), forms.Mend(request.POST)
    if not form.is_valid():
        return _refused(request, row, form)
    mended = leak_actions.mend_leak(row.leak, on=form.cleaned_data["on"], by=request.member)
    return _done(request, row, mended, "is mended. What is recovered stands here as people come.")


@allow(EDITORS)
@require_POST
def close(request: MemberRequest, leak_id: str) -> HttpResponse:
    row, form = _row(request, leak_id), forms.Close(request.POST)
    if not form.is_valid():
        return _refused(request, row, form)
    closed = leak_actions.close_leak(row.leak, reason=form.cleaned_data["reason"], by=request.member)
    return _done(request, row, closed, "is closed as not a leak.")


@allow(EDITORS)
@require_POST
def reopen(request: MemberRequest, leak_id: str) -> HttpResponse:
    row = _row(request, leak_id)
    return _done(request, row, leak_actions.reopen_leak(row.leak, by=request.member), "is open again.")


def _refused(request: MemberRequest, row: showing.Row, form: Form) -> HttpResponse:
    wrong = Refused(
        " ".join(f"{form.fields[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items())
    )
    return _done(request, row, wrong, "")


def _done(request: MemberRequest, row: showing.Row, result: Leak | Refused, said: str) -> HttpResponse:
    """Say how it went, and show the leak again."""
    back = reverse("stages:leak", args=[request.workspace.slug, row.leak.public_id])
    if isinstance(result, Refused):
        return answer_action(request, refused_toast(result, lead=row.title), back=back)
    return answer_action(request, Toast(said, lead=row.title), back=back, opens=back)
