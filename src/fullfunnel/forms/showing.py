"""How a version looks to who fills it in: values for the public templates, in the visitor's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from fullfunnel.core.pages.colours import palette_of
from fullfunnel.core.texts import language_of, language_of_browser, say
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.came import NAMES, Came
from fullfunnel.forms.fields import Content, Field
from fullfunnel.forms.models import Form, PainPoint
from fullfunnel.forms.reading import Wrong, name_of
from fullfunnel.forms.translations import languages_of, option_in, said_in
from fullfunnel.people.models import Identity
from fullfunnel.workspaces.models import Brand

# kind -> type, inputmode of the input.
INPUTS = {
    kinds.TEXT: ("text", ""),
    kinds.EMAIL: ("email", "email"),
    kinds.PHONE: ("tel", "tel"),
    kinds.NUMBER: ("text", "decimal"),
    kinds.DATE: ("date", ""),
}
# trait or kind -> what browsers know to fill in.
AUTOCOMPLETE = {
    "name": "name",
    "first_name": "given-name",
    "last_name": "family-name",
    "company_name": "organization",
    "job_title": "organization-title",
    kinds.EMAIL: "email",
    kinds.PHONE: "tel",
}
OF_ADDRESS = {
    "street": "street-address",
    "postcode": "postal-code",
    "city": "address-level2",
    "country": "country-name",
}


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Part:
    """One input of an address."""

    name: str
    label: str
    value: str
    autocomplete: str


@dataclass(frozen=True)
class Shown:
    """A field as the templates draw it. wrong: the sentence beside it, or ""."""

    field: Field
    name: str
    value: str
    wrong: str = ""
    type: str = "text"
    inputmode: str = ""
    autocomplete: str = "off"
    options: Sequence[Option] = ()
    parts: Sequence[Part] = ()

    @property
    def asked(self) -> str:
        return name_of(self.field, "asked")

    @property
    def is_group(self) -> bool:
        return self.field.kind in (kinds.CHOICE, kinds.HEARD, *kinds.OF_SEVERAL, kinds.ADDRESS)


def language_for(content: Content, brand: Brand, accept: str, *, chosen: str = "", person: str = "") -> str:
    """Of the page (what it is kept in, else what was chosen there), else the person, the browser, the workspace.

    A form that was translated is shown in a language in which it is whole.
    """
    wanted = (content.language, chosen, person, language_of_browser(accept), brand.language)
    if not content.translations:
        return language_of(*wanted)
    whole = languages_of(content, brand.language)
    return next((each for each in wanted if each in whole), whole[0])


def language_of_visitor(form: Form, anonymous: str) -> str:
    """Return the trait `language` of whoever this browser is, as ff.js knows it; "" for nobody, or one who never said."""
    scope = {"workspace_id": form.workspace_id, "kind": "anonymous_id", "value": anonymous}
    known = Identity.objects.select_related("person").filter(**scope).first() if anonymous else None
    return str(known.person.living().traits.get("language", ""))[:2].lower() if known else ""


def shown_fields(
    content: Content,
    sent: Mapping[str, Sequence[str]],
    *,
    pains: Sequence[PainPoint],
    language: str,
    wrong: Mapping[str, Wrong],
) -> list[Shown]:
    """Return the fields with what was typed. A hidden one takes its value from an address that names it, else its default.

    What brings them here is not asked while the workspace has no pain points to choose from.
    """
    fields = said_in(content, language).fields
    offered = [_offered(each, content, pains, language) for each in content.fields]
    return [
        _shown(each, sent, options, language, wrong.get(each.key))
        for each, options in zip(fields, offered, strict=True)
        if options or each.kind != kinds.PAINS
    ]


def _offered(of: Field, content: Content, pains: Sequence[PainPoint], language: str) -> list[tuple[str, str]]:
    """(answer, what it reads like) of each choice."""
    if of.kind == kinds.PAINS:
        return [(pain.key, pain.said_in(language)) for pain in pains]
    return [(option, option_in(content, language, of.key, option)) for option in of.options]


def _shown(
    of: Field, sent: Mapping[str, Sequence[str]], offered: list[tuple[str, str]], language: str, wrong: Wrong | None
) -> Shown:
    name = name_of(of)
    given = list(sent.get(name) or ())
    value = given[-1] if given else (sent.get(of.key) or [of.default])[-1][:500] if of.kind == kinds.HIDDEN else ""
    kind, inputmode = INPUTS.get(of.kind, ("text", ""))
    return Shown(
        field=of,
        name=name,
        value=value,
        wrong=say(wrong.key, language, **wrong.values) if wrong else "",
        type=kind,
        inputmode=inputmode,
        autocomplete=AUTOCOMPLETE.get(of.trait) or AUTOCOMPLETE.get(of.kind, "off"),
        options=[Option(v, label, v in given) for v, label in offered],
        parts=_parts(of, sent, language) if of.kind == kinds.ADDRESS else (),
    )


def _parts(of: Field, sent: Mapping[str, Sequence[str]], language: str) -> list[Part]:
    return [
        Part(name, say(f"address.{part}", language), (sent.get(name) or [""])[-1], OF_ADDRESS[part])
        for part in kinds.ADDRESS_PARTS
        for name in [name_of(of, part)]
    ]


def brand_of(form: Form) -> Brand:
    """Return how the form's workspace looks; the defaults where nobody has said."""
    return Brand.objects.select_related("logo").filter(workspace=form.workspace).first() or Brand(
        workspace=form.workspace
    )


def page_of(form: Form, content: Content, brand: Brand, language: str) -> dict[str, Any]:
    """Return what every public page of a form shows around its middle."""
    palette = palette_of(brand.colour)
    content = said_in(content, language)
    logo = reverse("forms:logo", args=[form.public_id, brand.logo.public_id]) if brand.logo else ""
    return {
        "form": form,
        "content": content,
        "brand": brand,
        "firm": form.workspace.name,
        "language": language,
        "colours": f"{reverse('forms:colours', args=[form.public_id])}?v={palette.brand[1:]}{palette.ink[1:]}",
        "logo": logo,
    }


def carried(came: Came) -> list[tuple[str, str]]:
    """Return (name, value) of the hidden inputs that carry how somebody came."""
    return [(name, getattr(came, key)) for key, name in NAMES.items() if getattr(came, key)]
