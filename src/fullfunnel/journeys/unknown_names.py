"""What an answer notes of names that never came: a mistyped event or property counts nothing, and should say why."""

from collections.abc import Iterator, Mapping
from typing import Any

from fullfunnel.core.suggest import did_you_mean, quoted
from fullfunnel.journeys.datasets.dataset import COMPANIES_TRAIT, EVENT, PEOPLES_TRAIT, PROPERTY, Dataset
from fullfunnel.journeys.questions.shapes import ANY

Json = dict[str, Any]
MAX_NOTES, MAX_NAMES = 20, 1_000
# What a text, or each text of a list, is under these keys of a question.
_KINDS = dict.fromkeys(
    ("event", "steps", "start", "return", "anchor", "nodes", "conversion", "touches", "lead", "opportunity"), EVENT
) | {"hold": PROPERTY, "properties": PROPERTY}
_OWNERS = {"person": PEOPLES_TRAIT, "person_then": PEOPLES_TRAIT, "company": COMPANIES_TRAIT, "behaviour": EVENT}
_SAID = {
    EVENT: "is an event that never came",
    PROPERTY: "is a property that no event has",
    PEOPLES_TRAIT: "is a trait that no person has",
    COMPANIES_TRAIT: "is a trait that no company has",
}


def notes_on_names(question: Json, dataset: Dataset) -> list[Json]:
    """[{"field", "message"}] for the events, properties and traits of a question that this dataset never saw, in their order.

    Nothing where nothing came yet, or where the dataset cannot be sure. `question` is one that can be read.
    """
    asked = list(_named(question))[:MAX_NAMES]
    meant: dict[tuple[str, str], str] = {}
    for kind in _SAID:
        names = {dataset.names.canonical(name) if kind == EVENT else name for _, of, name in asked if of == kind}
        missing, known = dataset.unknown(kind, sorted(names)) if names else ([], [])
        # What a question could not name is no hint: a name of the spec in the stream would suggest itself.
        known = [name for name in known if kind != EVENT or dataset.names.canonical(name) == name]
        for name in missing[:MAX_NOTES]:
            meant[kind, name] = did_you_mean(name, known)
    notes = []
    for field, kind, given in asked:
        hint = meant.get((kind, dataset.names.canonical(given) if kind == EVENT else given))
        if hint is not None:
            notes.append({"field": field, "message": f"{quoted(given)} {_SAID[kind]}{hint}"})
    return notes[:MAX_NOTES]


def _named(given: Any, at: str = "", kind: str = "") -> Iterator[tuple[str, str, str]]:
    """(where, kind, name) of every name in a part of a question; `kind` is what a text is there, "" where it names nothing.

    What begins with @ is what every event has (its company, its deal).
    """
    if isinstance(given, str):
        if kind and given not in ("", ANY) and not given.startswith("@"):
            yield at, kind, given
    elif isinstance(given, list):
        for place, one in enumerate(given):
            yield from _named(one, f"{at}[{place}]", kind)
    elif isinstance(given, Mapping):
        for key, value in given.items():
            yield from _named(value, f"{at}.{key}" if at else key, _kind(key, at, given))


def _kind(key: str, at: str, beside: Mapping[str, Any]) -> str:
    if key == "property":
        return _OWNERS.get(str(beside.get("of", beside.get("factor"))), PROPERTY)
    if (key == "by" and beside.get("kind") == "paths") or (key == "value" and at == "conversion"):
        return PROPERTY
    return _KINDS.get(key, "")
