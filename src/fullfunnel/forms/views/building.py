"""The builder: the fields of the draft, each with its settings, beside what a customer sees. What is chosen stands in the address."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from fullfunnel.core.pages import render_form, tell, whole_number
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.forms import actions
from fullfunnel.forms.actions.building import NO_FIELD
from fullfunnel.forms.fields import KINDS, Content, read, words_of
from fullfunnel.forms.forms import FieldSettings, Translation, Words
from fullfunnel.forms.models import Form, FormVersion, PainPoint
from fullfunnel.forms.showing import brand_of, language_for, page_of, shown_fields
from fullfunnel.forms.translations import base_of, missing_in, texts_of
from fullfunnel.forms.views.shared import content_of, form_of, head_of
from fullfunnel.messaging.standing import topics_of
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

Result = FormVersion | Refused


@allow(EVERYONE)
@require_safe
def build(request: MemberRequest, public_id: str) -> HttpResponse:
    """The page; viewers see what a customer sees, and the list of fields."""
    form = form_of(request, public_id)
    context = head_of(request, form, "build") | blocks(form, request.GET.get("field", ""), language_of(request))
    return render(request, "forms/build.html", context)


@allow(EDITORS)
@require_POST
def add(request: MemberRequest, public_id: str) -> HttpResponse:
    form, after = form_of(request, public_id), request.POST.get("after", "")
    made = actions.add_field(form, kind=request.POST.get("kind", ""), after=after, by=request.member)
    return changed(request, form, made, _behind(made, after))


@allow(EDITORS)
@require_POST
def move(request: MemberRequest, public_id: str, key: str) -> HttpResponse:
    form, down = form_of(request, public_id), whole_number(request.POST.get("down"), default=0, least=0, most=100)
    places = down or -whole_number(request.POST.get("up"), default=0, least=0, most=100)
    return changed(request, form, actions.move_field(form, key=key, places=places, by=request.member), key)


@allow(EDITORS)
@require_POST
def duplicate(request: MemberRequest, public_id: str, key: str) -> HttpResponse:
    form = form_of(request, public_id)
    made = actions.duplicate_field(form, key=key, by=request.member)
    return changed(request, form, made, _behind(made, key))


@allow(EDITORS)
@require_POST
def remove(request: MemberRequest, public_id: str, key: str) -> HttpResponse:
    form = form_of(request, public_id)
    at = content_of(form).position(key)
    made = actions.remove_field(form, key=key, by=request.member)
    fields = content_of(form).fields
    return changed(request, form, made, fields[min(at, len(fields) - 1)].key if fields else "")


@allow(EDITORS)
@require_POST
def change(request: MemberRequest, public_id: str, key: str) -> HttpResponse:
    """Keep the settings of a field. htmx asks after each change: the settings stay as they are unless something is wrong."""
    form = form_of(request, public_id)
    field = content_of(form).field(key)
    if field is None:
        return changed(request, form, Refused(NO_FIELD), "")
    settings = FieldSettings(field, request.POST)
    made = None
    if settings.is_valid():
        made = settings.accept(actions.change_field(form, field=settings.changed(), by=request.member))
    return kept(
        request,
        form,
        made,
        {"settings": settings, "key": key, "topics": topics_of(form.workspace)},
        "forms/_settings.html",
    )


@allow(EDITORS)
@require_POST
def say_words(request: MemberRequest, public_id: str) -> HttpResponse:
    """Keep title, text, button and language."""
    form, words = form_of(request, public_id), Words(request.POST, auto_id="set_%s")
    made = None
    if words.is_valid():
        made = words.accept(actions.change_words(form, words=words.cleaned_data, by=request.member))
    return kept(request, form, made, {"words": words, "key": ""}, "forms/_settings.html")


@allow(EDITORS)
@require_POST
def translate(request: MemberRequest, public_id: str) -> HttpResponse:
    """Keep the texts of a field, or of what stands around the fields, in the language of the address."""
    form, key, language = form_of(request, public_id), request.POST.get("key", ""), language_of(request)
    said, made = Translation(content_of(form), key, language, request.POST), None
    if said.is_valid():
        made = said.accept(actions.translate_form(form, language=language, texts=said.texts(), by=request.member))
    return kept(request, form, made, {"translation": said, "key": key}, "forms/_settings.html")


@allow(EDITORS)
@require_POST
def undo(request: MemberRequest, public_id: str) -> HttpResponse:
    form = form_of(request, public_id)
    return changed(request, form, actions.undo_edit(form, by=request.member), request.POST.get("key", ""))


@allow(EDITORS)
@require_POST
def redo(request: MemberRequest, public_id: str) -> HttpResponse:
    form = form_of(request, public_id)
    return changed(request, form, actions.redo_edit(form, by=request.member), request.POST.get("key", ""))


@allow(EVERYONE)
@xframe_options_sameorigin
@require_safe
def preview(request: MemberRequest, public_id: str) -> HttpResponse:
    """What a customer sees of the draft, or of `?version=`; it sends nothing."""
    form = form_of(request, public_id)
    number = whole_number(request.GET.get("version"), default=0, least=0)
    versions = FormVersion.objects.filter(workspace=request.workspace, form=form)
    content = read(get_object_or_404(versions, number=number).content) if number else content_of(form)
    response = HttpResponse(preview_page(request, form, content))
    vars(response)["_csp_replace"] = {"frame-ancestors": ["'self'"]}
    return response


def preview_page(request: HttpRequest, form: Form, content: Content) -> str:
    brand, asked = brand_of(form), request.GET.get("lang", "")
    language = language_for(content, brand, request.headers.get("Accept-Language", ""), chosen=content.written)
    language = asked if asked in LANGUAGES else language
    pains = list(PainPoint.objects.filter(workspace=form.workspace).order_by("position", "pk"))
    fields = shown_fields(content, {}, pains=pains, language=language, wrong={})
    more = {"fields": fields, "preview": True, "chosen": request.GET.get("field", ""), "names": {}}
    return render_to_string("forms/public/form.html", page_of(form, content, brand, language) | more)


def language_of(request: MemberRequest) -> str:
    """Return the language that is looked at, by the address; "" for the one that the form is written in."""
    language = request.GET.get("lang", "")
    return language if language in LANGUAGES else ""


def blocks(form: Form, key: str, language: str) -> dict[str, Any]:
    """Return the list of fields and the settings of the one that is chosen; of the title where none is.

    language: "" for the one that the form is written in; in another one its texts are said anew.
    """
    content = content_of(form)
    field = content.field(key)
    base = base_of(content, brand_of(form).language)
    language = "" if language == base else language
    missing = missing_in(content, language) if language else []
    initial = {name: getattr(content, name) for name in Words.base_fields}
    shown = Translation(content, field.key if field else "", language) if language else None
    return {
        "content": content,
        "listed": [
            (each, words_of(each), f"f.{each.key}." in {field_of_path(p) for p in missing}) for each in content.fields
        ],
        "language": language,
        "kept": f"?lang={language}" if language else "",
        "languages": [tongue(content, each, base, language) for each in LANGUAGES],
        "translation": shown,
        "field_kinds": KINDS,
        "chosen": field.key if field else "",
        "key": field.key if field else "",
        "settings": FieldSettings(field) if field else None,
        "topics": topics_of(form.workspace),
        "words": None if field else Words(initial=initial, auto_id="set_%s"),
    }


def changed(request: MemberRequest, form: Form, made: Result, key: str) -> HttpResponse:
    """Answer an edit of the list: htmx gets list, settings and state; others the page, with the field chosen."""
    if not request.headers.get("HX-Request"):
        if isinstance(made, Refused):
            tell(request, made, "")
        return redirect(_address(request, form, key))
    refused = made.sentence if isinstance(made, Refused) else ""
    context = (
        head_of(request, form, "build")
        | blocks(form, key, language_of(request))
        | {"refused": refused, "is_swapped": True}
    )
    response = render(request, "forms/_changed.html", context)
    response["HX-Push-Url"], response["HX-Trigger"] = _address(request, form, key), "draft-changed"
    return response


def kept(
    request: MemberRequest, form: Form, made: FormVersion | None, context: dict[str, Any], template: str
) -> HttpResponse:
    """Answer a change of settings: what is wrong beside its field, else the list anew."""
    known = head_of(request, form, "build") | {"form_row": form}
    if made is None:
        wrong = context.get("settings") or context.get("translation") or context["words"]
        at = {"language": language_of(request), "kept": f"?lang={language_of(request)}"}
        response = render_form(request, template, wrong, known | at | context)
        response["HX-Retarget"], response["HX-Reswap"] = "#field-settings", "outerHTML"
        return response
    if not request.headers.get("HX-Request"):
        return redirect(_address(request, form, context["key"]))
    listed = blocks(form, context["key"], language_of(request)) | {"is_swapped": True, "keeps_settings": True}
    response = render(request, "forms/_changed.html", known | listed)
    response["HX-Trigger"] = "draft-changed"
    return response


def tongue(content: Content, language: str, base: str, chosen: str) -> dict[str, Any]:
    """Return a language of the switch: how many texts are missing in it, of how many."""
    total = len(texts_of(content))
    return {
        "code": "" if language == base else language,
        "name": LANGUAGES[language],
        "is_current": language == (chosen or base),
        "missing": 0 if language == base else len(missing_in(content, language)),
        "total": total,
    }


def field_of_path(path: str) -> str:
    """Return which field a path belongs to, as "f.name."; "" for none."""
    parts = path.split(".")
    return f"f.{parts[1]}." if parts[0] == "f" else ""


def _address(request: MemberRequest, form: Form, key: str) -> str:
    here = reverse("forms:build", args=[request.workspace.slug, form.public_id])
    asked = {name: text for name, text in (("field", key), ("lang", language_of(request))) if text}
    return f"{here}?{urlencode(asked)}" if asked else here


def _behind(made: Result, after: str) -> str:
    """The key of the field behind `after`, which was just made; the last one's where there is none."""
    if isinstance(made, Refused):
        return after
    content = read(made.content)
    return content.fields[content.position(after) + 1 if content.position(after) >= 0 else -1].key
