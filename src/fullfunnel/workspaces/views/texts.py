"""Settings, Texts: what customers and mails read, by place and language, and what the workspace says instead."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import render_form, tell
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import OwnText
from fullfunnel.workspaces.scope import ADMINS, MemberRequest, allow
from fullfunnel.workspaces.wording.forms import Find, Text
from fullfunnel.workspaces.wording.shown import Said, said_text, said_texts, tried

SECTION = {"section": "texts"}


@allow(ADMINS)
@require_safe
def texts(request: MemberRequest) -> HttpResponse:
    """The list; `?q=`, `?place=`, `?language=` and `?own=` narrow it."""
    find = Find(request.GET)
    asked = find.cleaned_data if find.is_valid() else {}
    narrow = {"words": asked.get("q", ""), "place": asked.get("place", ""), "language": asked.get("language", "")}
    found = said_texts(request.workspace, **narrow, is_own=asked.get("own", False))
    own = OwnText.objects.filter(workspace=request.workspace).count()
    context = {"find": find, "found": found, "count": sum(len(each) for _, each in found), "own": own}
    return render(request, "workspaces/texts.html", context | SECTION)


def _found(request: MemberRequest, key: str, language: str) -> Said:
    said = said_text(request.workspace, key, language)
    if said is None:
        raise Http404("no such text")
    return said


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: MemberRequest, text_key: str, language: str) -> HttpResponse:
    """One text: what it must keep, how it looks, and a form to say it otherwise."""
    said, slug = _found(request, text_key, language), request.workspace.slug
    look_url = reverse("workspaces:look-at-text", args=[slug, text_key, language])
    form = Text(request.POST or None, initial={"text": said.text}, look_url=look_url)
    if form.is_valid():
        new = {"key": text_key, "language": language, "text": form.cleaned_data["text"]}
        if form.accept(actions.set_text(request.workspace, **new, by=request.member)):
            tell(request, new, "Saved. It is said from now on.")
            return redirect("workspaces:texts", slug)
    shown = str(form["text"].value() or "")
    return render_form(request, "workspaces/text.html", form, SECTION | {"said": said, "tried": tried(shown)})


@allow(ADMINS)
@require_POST
def look_at_text(request: MemberRequest, text_key: str, language: str) -> HttpResponse:
    """What is typed, drawn as it will look."""
    said = _found(request, text_key, language)
    typed = " ".join(request.POST.get("text", "")[:500].split())
    return render(request, "workspaces/_text_tried.html", {"said": said, "tried": tried(typed)})


@allow(ADMINS)
@require_POST
def reset_text(request: MemberRequest, text_key: str, language: str) -> HttpResponse:
    own = get_object_or_404(OwnText, workspace=request.workspace, key=text_key, language=language)
    tell(request, actions.reset_text(own, by=request.member), "The default is said again.")
    return redirect("workspaces:texts", request.workspace.slug)
