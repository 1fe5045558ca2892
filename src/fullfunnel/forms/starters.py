"""What a new form begins with. Pure."""

from collections.abc import Callable

from fullfunnel.core.texts import LANGUAGES, say
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.fields import Content, Field
from fullfunnel.forms.translations import texts_of_field, with_others

HEARD = ("search", "social", "recommended", "event", "press", "other")
# starter -> what members call it, what it is for, whether a submission is a lead.
STARTERS = {
    "contact": ("Contact", "A name, an address and a message", True),
    "demo": ("Demo request", "Who they are, how large, what brings them", True),
    "quote": ("Quote", "What they need, until when, where to reach them", True),
    "empty": ("Empty", "A name and an e-mail address; the rest is yours", False),
}


def started(starter: str, language: str) -> Content:
    """Return the content of a starter, written in one language and translated into the others."""
    others = [(each, _written(starter, each)) for each in LANGUAGES if each != language]
    return with_others(_written(starter, language), others)


def _written(starter: str, language: str) -> Content:
    text = _in(language)
    known = f"starter.{starter}.title" if starter != "empty" else "starter.contact.title"
    fields = _FIELDS[starter](text)
    if starter == "empty":
        return Content(text(known), written=language, fields=fields)
    return Content(
        text(known),
        text(f"starter.{starter}.lead"),
        text(f"starter.{starter}.button"),
        written=language,
        fields=fields,
    )


def fresh(kind: str, key: str, language: str) -> Field:
    """Return a new field of a kind, with the words it begins with."""
    text = _in(language)
    options: tuple[str, ...] = ()
    if kind == kinds.HEARD:
        options = tuple(text(f"heard.{name}") for name in HEARD)
    elif kind in kinds.WITH_OPTIONS:
        options = (text("option.first"), text("option.second"))
    trait = {kinds.EMAIL: "email", kinds.PHONE: "phone"}.get(kind, "")
    is_consent = kind == kinds.CONSENT
    return Field(
        key, kind, text(f"field.{kind}"), options=options, trait=trait, purpose="request" if is_consent else ""
    )


def translations_of(field: Field, written: str) -> dict[str, dict[str, str]]:
    """Return the words of a new field in the other languages: language -> path -> text."""
    paths = texts_of_field(field)
    return {
        each: dict(zip(paths, texts_of_field(fresh(field.kind, field.key, each)).values(), strict=True))
        for each in LANGUAGES
        if each != written
    }


Text = Callable[[str], str]


def _in(language: str) -> Text:
    return lambda key: say(key, language)


def _name(text: Text) -> Field:
    return Field("name", kinds.TEXT, text("field.name"), required=True, trait="name")


def _email(text: Text, label: str = "field.email") -> Field:
    return Field("email", kinds.EMAIL, text(label), required=True, trait="email")


def _phone(text: Text) -> Field:
    return Field("phone", kinds.PHONE, text("field.phone"), trait="phone")


def _company(text: Text) -> Field:
    return Field("company", kinds.TEXT, text("field.company"), trait="company_name")


def _consent(text: Text) -> Field:
    return Field("consent", kinds.CONSENT, text("field.consent"), required=True, purpose="request")


def _contact(text: Text) -> tuple[Field, ...]:
    return (
        _name(text), _email(text), _phone(text),
        Field("message", kinds.LONG, text("field.long"), required=True), _consent(text),
    )  # fmt: skip


def _demo(text: Text) -> tuple[Field, ...]:
    return (
        _name(text), _email(text, "field.work_email"), _phone(text), _company(text),
        Field("employees", kinds.NUMBER, text("field.employees"), example="250", least="1", trait="employees"),
        Field("pains", kinds.PAINS, text("field.pains")),
        Field("heard", kinds.HEARD, text("field.heard"), options=tuple(text(f"heard.{name}") for name in HEARD)),
        _consent(text),
    )  # fmt: skip


def _quote(text: Text) -> tuple[Field, ...]:
    return (
        _name(text), _email(text), _phone(text), _company(text),
        Field("needed", kinds.LONG, text("field.needed"), required=True),
        Field("until", kinds.DATE, text("field.until")),
        Field("address", kinds.ADDRESS, text("field.address")), _consent(text),
    )  # fmt: skip


_FIELDS: dict[str, Callable[[Text], tuple[Field, ...]]] = {
    "contact": _contact,
    "demo": _demo,
    "quote": _quote,
    "empty": lambda text: (_name(text), _email(text)),
}
