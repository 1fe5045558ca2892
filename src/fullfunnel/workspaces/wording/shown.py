"""The catalogue as Settings, Texts shows it: by place and language, with what the workspace says instead."""

from collections.abc import Iterable
from dataclasses import dataclass

from fullfunnel.core.texts import LANGUAGES, filled, names_in
from fullfunnel.core.texts.catalogue import TEXTS
from fullfunnel.workspaces.models import OwnText, Workspace


@dataclass(frozen=True)
class Place:
    """Where texts stand whose keys begin so. look: how one is drawn when it is tried."""

    key: str
    label: str
    begins: tuple[str, ...]
    look: str


PLACES = (
    Place("form", "Around a form", ("form.",), "text"),
    Place("wrong", "What is wrong with an answer", ("wrong.",), "wrong"),
    Place("field", "What a new field is called", ("field.", "address."), "label"),
    Place("option", "Choices of new fields", ("heard.", "option."), "label"),
    Place("starter", "What new forms begin with", ("starter.",), "text"),
    Place("optin", "Confirming a topic, and choosing topics", ("optin.", "choices."), "text"),
    Place("notice", "Notices to members", ("notice.",), "text"),
    Place("mail", "Mails to members", ("mail.",), "text"),
)
BUTTONS = ("form.send", "form.again", "form.continue")
# What stands in the place of a variable when a text is tried.
SAMPLES = {
    "minutes": "5", "least": "1", "most": "50", "who": "Ada Roth of Acme", "when": "Mon 7 Dec, 10:00",
    "task": "Call back (Ada Roth)", "why": "by turn", "topic": "Monthly note", "firm": "Acme", "link": "https://…/confirm/…", "day": "31 Dec 2026",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A text in one language. own: the row of what the workspace says instead, if it does."""

    key: str
    language: str
    place: Place
    default: str
    own: OwnText | None = None

    @property
    def text(self) -> str:
        return self.own.text if self.own else self.default

    @property
    def language_name(self) -> str:
        return LANGUAGES[self.language]

    @property
    def names(self) -> list[str]:
        return [f"{{{name}}}" for name in names_in(self.default)]

    @property
    def look(self) -> str:
        if self.key in BUTTONS or self.key.endswith(".button"):
            return "button"
        return "title" if self.key.endswith(".title") else self.place.look


def place_of(key: str) -> Place:
    """Return where a text stands. StopIteration: its beginning has no place."""
    return next(place for place in PLACES if key.startswith(place.begins))


def said_text(workspace: Workspace, key: str, language: str) -> Said | None:
    """Return one text; None: the catalogue has none."""
    default = TEXTS.get(key, {}).get(language)
    if default is None:
        return None
    own = OwnText.objects.filter(workspace=workspace, key=key, language=language).select_related("changed_by").first()
    return Said(key, language, place_of(key), default, own)


def said_texts(
    workspace: Workspace, *, words: str = "", place: str = "", language: str = "", is_own: bool = False
) -> list[tuple[Place, list[Said]]]:
    """Return texts by place; words: a part of key, default or own text."""
    rows = OwnText.objects.filter(workspace=workspace).select_related("changed_by")
    own = {(row.key, row.language): row for row in rows}
    every = (
        Said(key, each, place_of(key), default, own.get((key, each)))
        for key, texts in TEXTS.items()
        for each, default in texts.items()
        if language in ("", each)
    )
    found = [each for each in every if _is_meant(each, words.casefold()) and (each.own or not is_own)]
    grouped = [(at, _of(at, found)) for at in PLACES if place in ("", at.key)]
    return [(at, texts) for at, texts in grouped if texts]


def _of(place: Place, found: Iterable[Said]) -> list[Said]:
    return [each for each in found if each.place == place]


def _is_meant(each: Said, words: str) -> bool:
    return any(words in text.casefold() for text in (each.key, each.default, each.text))


def tried(text: str) -> str:
    """Return a text with samples in the place of its variables; names nobody knows stay."""
    known = {name: SAMPLES.get(name, f"{{{name}}}") for name in names_in(text)}
    return filled(text, known)
