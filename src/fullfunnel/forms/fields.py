"""What a form asks: its fields and what stands around them, as values. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

TEXT, EMAIL, PHONE, CHOICE, SEVERAL, NUMBER = "text", "email", "phone", "choice", "several", "number"
DATE, LONG, ADDRESS, HEARD, PAINS = "date", "long", "address", "heard", "pains"
CONSENT, HIDDEN = "consent", "hidden"
# kind -> what members call it, in the order of the menu.
KINDS = {
    TEXT: "Text",
    EMAIL: "E-mail",
    PHONE: "Phone",
    CHOICE: "Choice",
    SEVERAL: "Several choices",
    NUMBER: "Number",
    DATE: "Date",
    LONG: "Long text",
    ADDRESS: "Address",
    HEARD: "How did you hear of us?",
    PAINS: "What brings you here?",
    CONSENT: "Consent",
    HIDDEN: "Hidden",
}
WITH_OPTIONS = (CHOICE, SEVERAL, HEARD)
# Sent as a list.
OF_SEVERAL = (SEVERAL, PAINS)
ADDRESS_PARTS = ("street", "postcode", "city", "country")
MOST_FIELDS, MOST_OPTIONS = 50, 50
LONGEST = {TEXT: 300, EMAIL: 320, PHONE: 40, NUMBER: 30, DATE: 20, LONG: 10_000, ADDRESS: 200, HIDDEN: 500}


@dataclass(frozen=True)
class Field:
    """One question. `key` stays when the label changes.

    example: shown in the empty field; options: of a choice; least, most: of a number; trait: what the answer is kept as, of the person;
    purpose, text_version: of a consent, whose text is the label; default: of a hidden field, which an address may overrule.
    """

    key: str
    kind: str
    label: str
    help: str = ""
    example: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    least: str = ""
    most: str = ""
    trait: str = ""
    purpose: str = ""
    text_version: int = 1
    default: str = ""

    @property
    def is_shown(self) -> bool:
        return self.kind != HIDDEN


@dataclass(frozen=True)
class Content:
    """A version of a form. redirect_url: where one goes after sending, "" to the thanks.

    written: the language that it is written in; translations: language -> path of a text (forms.translations) -> the text there;
    language: "" as the visitor's, of those that are whole.
    """

    title: str
    lead: str = ""
    button: str = ""
    thanks_title: str = ""
    thanks: str = ""
    redirect_url: str = ""
    language: str = ""
    written: str = ""
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    def position(self, key: str) -> int:
        """Where a field stands, from 0; -1 for none."""
        return next((i for i, field in enumerate(self.fields) if field.key == key), -1)


def written(content: Content) -> dict[str, Any]:
    """Return a content as JSON."""
    return asdict(content)


def read(said: Mapping[str, Any]) -> Content:
    """Return the content that `written` wrote."""
    fields = tuple(Field(**{**each, "options": tuple(each.get("options", ()))}) for each in said.get("fields", ()))
    return Content(**{**said, "fields": fields})


def free_key(content: Content, wanted: str) -> str:
    """Return `wanted`, or with a number behind it where the form has such a field already."""
    taken = {field.key for field in content.fields}
    return next(key for key in (wanted, *(f"{wanted}_{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def inserted(content: Content, field: Field, *, after: str) -> Content:
    """With the field behind the one called `after`; at the end where there is none."""
    at = content.position(after) + 1 or len(content.fields)
    return replace(content, fields=(*content.fields[:at], field, *content.fields[at:]))


def moved(content: Content, key: str, *, by: int) -> Content:
    """With the field `by` places further down, or up where negative; it stays within the list."""
    fields = list(content.fields)
    at = content.position(key)
    field = fields.pop(at)
    fields.insert(min(max(at + by, 0), len(fields)), field)
    return replace(content, fields=tuple(fields))


def removed(content: Content, key: str) -> Content:
    """Without the field."""
    return replace(content, fields=tuple(field for field in content.fields if field.key != key))


def changed(content: Content, field: Field) -> Content:
    """With this field in place of the one of its key."""
    return replace(content, fields=tuple(field if each.key == field.key else each for each in content.fields))


def with_text_versions(content: Content, before: Content | None) -> Content:
    """With each consent's version of its text: as before while the words are the same in every language, else one more."""

    def counted(field: Field) -> Field:
        old = before.field(field.key) if before else None
        if field.kind != CONSENT or old is None:
            return field
        is_other = _consent_said(before, old) != _consent_said(content, field)
        return replace(field, text_version=old.text_version + is_other)

    return replace(content, fields=tuple(map(counted, content.fields)))


def _consent_said(content: Content | None, field: Field) -> dict[str, str]:
    """Language -> the words of a consent; "": as it is written."""
    said = content.translations if content else {}
    return {"": field.label} | {name: there.get(f"f.{field.key}.label", "") for name, there in said.items()}


# kind -> what a list says of a field; {n}: its options, {version}: of the consent's text, {key}.
SAID = {
    TEXT: "text",
    EMAIL: "e-mail",
    PHONE: "phone, kept as +43…",
    CHOICE: "{n} choices, one",
    SEVERAL: "{n} choices, several",
    NUMBER: "number",
    DATE: "date",
    LONG: "long text",
    ADDRESS: "address",
    HEARD: "{n} ways, one",
    PAINS: "your pain points, several",
    CONSENT: "consent, text {version}, not ticked",
    HIDDEN: "hidden, {key}",
}


def words_of(field: Field) -> str:
    """Return a field in a few words, like "number, required"."""
    said = SAID[field.kind].format(n=len(field.options), version=field.text_version, key=field.key)
    return f"{said}, required" if field.required else said
