"""What editors do with a form's draft. Each reads the draft again under the form's lock, so that two who build lose nothing."""

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from fullfunnel.core.numbers import number
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.drafts import keep_step
from fullfunnel.forms.fields import Content, Field
from fullfunnel.forms.models import Form, FormVersion
from fullfunnel.forms.origins import origin_of_page
from fullfunnel.forms.starters import fresh, translations_of
from fullfunnel.forms.translations import base_of, copied, pruned, texts_of, translated
from fullfunnel.workspaces.models import Brand
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS

NO_TEXT = "That text is not in the form any more; reload the page."
NO_FIELD = "That field is not in the form any more; reload the page."
MOST_WORDS = {"title": 120, "lead": 1_000, "button": 60, "thanks_title": 120, "thanks": 2_000, "redirect_url": 500}


@transaction.atomic
def add_field(form: Form, *, kind: str, after: str, by: By) -> FormVersion | Refused:
    """Add a field of a kind behind the one called `after`, or at the end."""

    def added(content: Content) -> Content | Refused:
        if kind not in kinds.KINDS:
            return Refused(f"'{kind[:20]}' is not one of {', '.join(kinds.KINDS)}.", "kind")
        if len(content.fields) >= kinds.MOST_FIELDS:
            return Refused(f"A form has at most {kinds.MOST_FIELDS} fields.", "kind")
        written = base_of(content, _language(form))
        field = fresh(kind, kinds.free_key(content, kind), written)
        content = kinds.inserted(content, field, after=after)
        for language, texts in translations_of(field, written).items() if content.translations else ():
            content = translated(content, language, texts)
        return content

    return _edit(form, added, by)


@transaction.atomic
def move_field(form: Form, *, key: str, places: int, by: By) -> FormVersion | Refused:
    """Move a field further down by so many places, or up where negative."""
    return _edit(form, _of(key, lambda content: kinds.moved(content, key, by=places)), by)


@transaction.atomic
def duplicate_field(form: Form, *, key: str, by: By) -> FormVersion | Refused:
    """Put the same field once more behind it. What the answer is kept as stays with the first."""

    def doubled(content: Content) -> Content | Refused:
        if len(content.fields) >= kinds.MOST_FIELDS:
            return Refused(f"A form has at most {kinds.MOST_FIELDS} fields.")
        field = content.fields[content.position(key)]
        double = replace(field, key=kinds.free_key(content, key), trait="")
        return copied(kinds.inserted(content, double, after=key), key, double.key)

    return _edit(form, _of(key, doubled), by)


@transaction.atomic
def remove_field(form: Form, *, key: str, by: By) -> FormVersion | Refused:
    """Take a field out of the draft. Answers to it stay where they are."""
    return _edit(form, _of(key, lambda content: kinds.removed(content, key)), by)


@transaction.atomic
def change_field(form: Form, *, field: Field, by: By) -> FormVersion | Refused:
    """Put this field in place of the one of its key."""

    def changed(content: Content) -> Content | Refused:
        old = content.fields[content.position(field.key)]
        return wrong_field(field) or kinds.changed(content, replace(field, text_version=old.text_version))

    return _edit(form, _of(field.key, changed), by)


@transaction.atomic
def change_words(form: Form, *, words: Mapping[str, str], by: By) -> FormVersion | Refused:
    """Change what stands around the fields: names of Content that are texts of the page."""

    def said(content: Content) -> Content | Refused:
        known = {each.name for each in fields_of(Content)} - {"fields", "translations", "written"}
        new: dict[str, Any] = {name: text.strip() for name, text in words.items() if name in known}
        return wrong_words(new) or replace(content, **new)

    return _edit(form, said, by)


@transaction.atomic
def translate_form(form: Form, *, language: str, texts: Mapping[str, str], by: By) -> FormVersion | Refused:
    """Say texts of the draft, by their paths (forms.translations), in another language; an empty one is taken out."""

    def said(content: Content) -> Content | Refused:
        base = base_of(content, _language(form))
        if language not in LANGUAGES or language == base:
            others = ", ".join(each for each in LANGUAGES if each != base)
            return Refused(f"The form is written in '{base}'; translate it into one of {others}.", "language")
        known = texts_of(content)
        for path, text in texts.items():
            if path not in known:
                return Refused(NO_TEXT, path[:100])
            if refused := wrong_text(path, text):
                return refused
        return translated(replace(content, written=base), language, {p: t.strip() for p, t in texts.items()})

    return _edit(form, said, by)


def wrong_text(path: str, text: str) -> Refused | None:
    """Return what is wrong with a text in another language: it is longer than its kind may be."""
    of_field = {"label": 1_000, "help": 500, "example": 100}.get(path.rpartition(".")[2], 300)
    most = of_field if path.startswith("f.") else MOST_WORDS[path]
    return Refused(f"At most {number(most)} characters.", path) if len(text.strip()) > most else None


def wrong_field(field: Field) -> Refused | None:
    """Return what a field cannot be, with what would be right."""
    if not field.label.strip():
        return Refused("A field needs a label; a placeholder is none.", "label")
    if len(field.label) > 1_000 or len(field.help) > 500:
        return Refused("A label has at most 1,000 characters, a help 500.", "label")
    if field.kind in kinds.WITH_OPTIONS:
        if not field.options:
            return Refused("Write at least one choice, one a line.", "options")
        if len(field.options) > kinds.MOST_OPTIONS or len(set(field.options)) < len(field.options):
            return Refused(f"Write at most {kinds.MOST_OPTIONS} choices, each once.", "options")
    for name, text in (("least", field.least), ("most", field.most)):
        if text and not _is_number(text):
            return Refused("Write a number, like 1 or 2.5.", name)
    if field.least and field.most and Decimal(field.least) > Decimal(field.most):
        return Refused("The least is more than the most.", "least")
    if field.kind == kinds.CONSENT and not field.purpose.strip():
        return Refused("Say what the consent is for, in a word like email or request.", "purpose")
    return None


def wrong_words(words: Mapping[str, str]) -> Refused | None:
    """Return what cannot be said around the fields, with what would be right."""
    if "title" in words and not words["title"]:
        return Refused("A form needs a title.", "title")
    for name, most in MOST_WORDS.items():
        if len(words.get(name, "")) > most:
            return Refused(f"At most {number(most)} characters.", name)
    if words.get("language") and words["language"] not in LANGUAGES:
        return Refused(f"Choose one of {', '.join(LANGUAGES)}, or the visitor's.", "language")
    url = words.get("redirect_url", "")
    if url and not origin_of_page(url):
        return Refused("Write a whole address, like https://example.com/thanks.", "redirect_url")
    return None


Edit = Callable[[Content], Content | Refused]


def _of(key: str, edit: Edit) -> Edit:
    """The edit, for a draft that has the field."""
    return lambda content: edit(content) if content.field(key) else Refused(NO_FIELD)


def _edit(form: Form, edit: Edit, by: By) -> FormVersion | Refused:
    """Change the draft, which is made from the latest version where there is none."""
    if refused := reason_not_to_act(by, form.workspace_id, EDITORS):
        return refused
    Form.objects.select_for_update().get(workspace_id=form.workspace_id, pk=form.pk)
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form)
    latest = versions.latest("number")
    before = kinds.read(latest.content)
    content = edit(before)
    if isinstance(content, Refused):
        return content
    content = pruned(content)
    if content == before:
        return latest
    if latest.published_at is not None:
        more = {"form": form, "number": latest.number + 1, "content": latest.content}
        latest = FormVersion.objects.create(workspace_id=form.workspace_id, **more)
    return keep_step(latest, kinds.written(content))


def _language(form: Form) -> str:
    brand = Brand.objects.filter(workspace_id=form.workspace_id).first()
    return brand.language if brand else "en"


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
