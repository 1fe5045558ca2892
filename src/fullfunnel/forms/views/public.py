"""The page of a form, for strangers: it sets no cookie, works without JavaScript, and GET changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.capture.admission import Rates
from fullfunnel.core.files.sending import send_file
from fullfunnel.core.headers import sender_address
from fullfunnel.core.pages.colours import NightPalette, Palette, night_of, palette_of
from fullfunnel.core.texts import LANGUAGES, language_of_browser, say
from fullfunnel.forms.came import came_of
from fullfunnel.forms.fields import Content, read
from fullfunnel.forms.models import Form, FormVersion, PainPoint
from fullfunnel.forms.nonces import new_nonce, opened, sealed
from fullfunnel.forms.origins import origin_of_page
from fullfunnel.forms.reception import COUNTED, LANGUAGE, NONCE, TRAP, Again, Thanks, chosen_language, receive
from fullfunnel.forms.showing import brand_of, carried, language_for, language_of_visitor, page_of, shown_fields
from fullfunnel.forms.telling import Told, tell_step
from fullfunnel.forms.translations import languages_of
from fullfunnel.workspaces.models import Brand
from fullfunnel.workspaces.scope import public, strangers_form
from fullfunnel.workspaces.wording.own import own_texts

EMBEDDED = "embed"
EMBED = Path(__file__).parent.parent / "static" / "forms" / "embed.js"
# Steps that one network tells of one form, a second, lasting; a page has three.
RATES = Rates(2.0)
Sent = Mapping[str, Sequence[str]]


def found_form(public_id: str) -> tuple[Form, FormVersion]:
    """Return the form and its live version; Http404 where nobody can fill it in."""
    form = Form.objects.select_related("workspace").filter(public_id=public_id, closed_at=None).first()
    live = live_version(form) if form else None
    if form is None or live is None:
        raise Http404("no such form, or it is not published")
    return form, live


def live_version(form: Form) -> FormVersion | None:
    """Return what strangers see; None before the first was published."""
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form).exclude(published_at=None)
    return versions.order_by("-number").first()


def or_gone(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer a form that is not there with a page in the browser's language, which names nobody."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            language = language_of_browser(request.headers.get("Accept-Language", "")) or "en"
            known = Form.objects.select_related("workspace").filter(public_id=kwargs["public_id"]).first()
            with own_texts(known.workspace) if known else nullcontext():
                return HttpResponse(render_to_string("forms/public/gone.html", {"language": language}), status=404)

    return guarded


@strangers_form
@or_gone
@xframe_options_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def hosted(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the form, or take what was sent."""
    form, live = found_form(public_id)
    with own_texts(form.workspace):
        return _shown_or_taken(request, form, live)


def _shown_or_taken(request: HttpRequest, form: Form, live: FormVersion) -> HttpResponse:
    sent = dict((request.POST if request.method == "POST" else request.GET).lists())
    if request.method != "POST":
        first = Again(live, new_nonce(form.public_id, live.number), None, status=200)
        return _page(request, form, first, sent)
    agent = request.headers.get("User-Agent", "")
    outcome = receive(form, live, sent, ip=sender_of(request), user_agent=agent)
    if isinstance(outcome, Thanks):
        return _thanks(request, form, outcome, sent)
    return _page(request, form, outcome, sent)


def _page(request: HttpRequest, form: Form, shown: Again, sent: Sent) -> HttpResponse:
    content, brand = read(shown.version.content), brand_of(form)
    language = _language(request, form, content, brand, came_of(sent).anonymous, sent)
    pains = list(PainPoint.objects.filter(workspace=form.workspace).order_by("position", "pk"))
    fields = shown_fields(content, sent, pains=pains, language=language, wrong=shown.wrong)
    came = came_of(sent, url=request.build_absolute_uri(), referrer=request.headers.get("Referer", ""))
    context = page_of(form, content, brand, language) | {
        "fields": fields,
        "head": say(shown.head.key, language, **shown.head.values) if shown.head else "",
        "is_again": bool(shown.head and not shown.wrong),
        "carried": [*carried(came), (LANGUAGE, language)],
        "others": _others(request, content, brand, language),
        "nonce": sealed(shown.nonce),
        "names": {"trap": TRAP, "nonce": NONCE, "counted": COUNTED},
        "is_counted": bool(sent.get(COUNTED)),
        "embedded": is_embedded(request),
        "seen": reverse("forms:seen", args=[form.public_id]),
    }
    return framed(request, form, content, render_to_string("forms/public/form.html", context), shown.status)


def _language(request: HttpRequest, form: Form, content: Content, brand: Brand, anonymous: str, sent: Sent) -> str:
    accept, person = request.headers.get("Accept-Language", ""), language_of_visitor(form, anonymous)
    return language_for(content, brand, accept, chosen=chosen_language(sent), person=person)


def _others(request: HttpRequest, content: Content, brand: Brand, language: str) -> list[tuple[str, str, str]]:
    """(language, its name, address) of the other languages that one may choose here; none where the form keeps to one."""
    if content.language or not content.translations:
        return []
    found = []
    for each in languages_of(content, brand.language):
        query = request.GET.copy()
        query[LANGUAGE] = each
        if each != language:
            found.append((each, LANGUAGES[each], f"?{query.urlencode()}"))
    return found


def _thanks(request: HttpRequest, form: Form, outcome: Thanks, sent: Sent) -> HttpResponse:
    content, brand = read(outcome.version.content), brand_of(form)
    if origin_of_page(content.redirect_url) and not is_embedded(request):
        return HttpResponseRedirect(content.redirect_url, status=303)
    language = _language(request, form, content, brand, outcome.anonymous, sent)
    context = page_of(form, content, brand, language) | {"embedded": is_embedded(request)}
    return framed(request, form, content, render_to_string("forms/public/thanks.html", context), 200)


def is_embedded(request: HttpRequest) -> bool:
    """Whether the page stands in a frame of the firm's site: the address says so, of the POST too."""
    return EMBEDDED in request.GET


def framed(request: HttpRequest, form: Form, content: Content, page: str, status: int) -> HttpResponse:
    """Answer with a page that only the form's listed origins may frame."""
    response = HttpResponse(page, status=status)
    allowed = form.origins if is_embedded(request) and form.origins else ["'none'"]
    goes_to = origin_of_page(content.redirect_url)
    there = ["'self'", goes_to] if goes_to else ["'self'"]
    vars(response)["_csp_replace"] = {"frame-ancestors": allowed, "form-action": there}
    response["X-Robots-Tag"] = "noindex"
    return response


@strangers_form
@or_gone
@require_POST
def seen(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take what the page's script tells: viewed, begun, left at a field. What is not believed is left out without a word."""
    form, live = found_form(public_id)
    sent = dict(request.POST.lists())
    nonce = opened(request.POST.get(NONCE, ""), form.public_id)
    if nonce is None or nonce.is_expired or RATES.seconds_to_wait(form.pk, sender_of(request)):
        return HttpResponse(status=204)
    told = Told(nonce, came_of(sent), sender_of(request), request.headers.get("User-Agent", ""))
    field = read(live.content).field(request.POST.get("field", ""))
    tell_step(form, told, step=request.POST.get("step", ""), field=field.key if field else "")
    return HttpResponse(status=204)


@public
@require_safe
def embed_script(request: HttpRequest) -> HttpResponse:
    """The script that a site loads to show a form in a frame."""
    response = HttpResponse(EMBED.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def sender_of(request: HttpRequest) -> str:
    """Return the sender's address."""
    return sender_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


@public
@or_gone
@require_safe
def colours(request: HttpRequest, public_id: str) -> HttpResponse:
    """The firm's colours as a style sheet: pages have no inline style. Of a draft, too: its preview wears them."""
    form = get_object_or_404(Form.objects.select_related("workspace"), public_id=public_id)
    colour = brand_of(form).colour
    day, night = (_variables(palette) for palette in (palette_of(colour), night_of(colour)))
    sheet = f":root{{{day}}}\n@media (prefers-color-scheme: dark){{.hosted{{{night}}}}}\n"
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _variables(palette: Palette | NightPalette) -> str:
    return "".join(f"--{name}:{value};" for name, value in palette._asdict().items())


@public
@or_gone
@require_safe
def logo(request: HttpRequest, public_id: str, file_id: str) -> HttpResponseBase:
    """The firm's logo. Of a draft, too: its preview wears it."""
    form = get_object_or_404(Form.objects.select_related("workspace"), public_id=public_id)
    file = brand_of(form).logo
    if file is None or file.public_id != file_id:
        raise Http404("no such logo")
    response = send_file(settings.DATA_DIR, file.digest, media_type=file.media_type, name=file.name)
    response["Cache-Control"] = "public, max-age=86400, immutable"
    return response
