"""The texts of a form in other languages than the one it is written in. Pure.

A text has a path: "title", "f.name.label", "f.heard.option.Search engine" (by the words that are written, which are also the answer).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from fullfunnel.core.texts import LANGUAGES
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.fields import Content, Field

WORDS = ("title", "lead", "button", "thanks_title", "thanks")
PARTS = ("label", "help", "example")


def path_of(key: str, part: str) -> str:
    """Return the path of a field's label, help or example."""
    return f"f.{key}.{part}"


def path_of_option(key: str, option: str) -> str:
    """Return the path of a choice."""
    return f"f.{key}.option.{option}"


def texts_of(content: Content) -> dict[str, str]:
    """Return what a customer reads that the firm has written: path -> text, in the order of the page."""
    found = {name: text for name in WORDS if (text := getattr(content, name))}
    for field in content.fields:
        found |= texts_of_field(field)
    return found


def texts_of_field(field: Field) -> dict[str, str]:
    """Return the texts of one field; a hidden one has none."""
    if not field.is_shown:
        return {}
    found = {path_of(field.key, part): text for part in PARTS if (text := getattr(field, part))}
    return found | {path_of_option(field.key, option): option for option in field.options}


def base_of(content: Content, fallback: str) -> str:
    """Return the language that a form is written in; `fallback` where nobody has said."""
    return content.written or fallback


def missing_in(content: Content, language: str) -> list[str]:
    """Return the paths of the texts that are not there in another language."""
    there = content.translations.get(language, {})
    return [path for path in texts_of(content) if not there.get(path)]


def languages_of(content: Content, fallback: str) -> list[str]:
    """Return the languages in which a form is whole, the one that it is written in first."""
    base = base_of(content, fallback)
    return [base, *(each for each in LANGUAGES if each != base and is_whole(content, each))]


def is_whole(content: Content, language: str) -> bool:
    """Whether every text is there in another language."""
    return language in content.translations and not missing_in(content, language)


def said_in(content: Content, language: str) -> Content:
    """Return the content as it reads in a language; a text that is not there stands as it was written."""
    there = content.translations.get(language, {})
    if not there:
        return content
    words: dict[str, Any] = {name: there.get(name) or getattr(content, name) for name in WORDS}
    return replace(content, **words, fields=tuple(_field_in(field, there) for field in content.fields))


def option_in(content: Content, language: str, key: str, option: str) -> str:
    """Return a choice as it reads in a language."""
    return content.translations.get(language, {}).get(path_of_option(key, option)) or option


def translated(content: Content, language: str, texts: Mapping[str, str]) -> Content:
    """With these texts, by path, in a language; an empty one is taken out."""
    there = {**content.translations.get(language, {}), **texts}
    kept = {path: text for path in texts_of(content) if (text := there.get(path, ""))}
    others = {name: said for name, said in content.translations.items() if name != language}
    return replace(content, translations=others | ({language: kept} if kept else {}))


def pruned(content: Content) -> Content:
    """Without translations of what is not there any more."""
    paths = set(texts_of(content))
    kept = {name: {p: t for p, t in said.items() if p in paths} for name, said in content.translations.items()}
    return replace(content, translations={name: said for name, said in kept.items() if said})


def copied(content: Content, key: str, to: str) -> Content:
    """With the translations of one field for its double, too."""
    begin, new = f"f.{key}.", f"f.{to}."
    said = {
        name: {**texts, **{new + p.removeprefix(begin): t for p, t in texts.items() if p.startswith(begin)}}
        for name, texts in content.translations.items()
    }
    return replace(content, translations=said)


def with_others(content: Content, others: Iterable[tuple[str, Content]]) -> Content:
    """With the texts of the same content written in other languages, (language, content), as translations."""
    for language, other in others:
        content = translated(content, language, _paired(content, other))
    return content


def _paired(content: Content, other: Content) -> dict[str, str]:
    """The texts of `other` by the paths of `content`; both have the same fields with the same number of choices."""
    return dict(zip(texts_of(content), texts_of(other).values(), strict=True))


def _field_in(field: Field, there: Mapping[str, str]) -> Field:
    if field.kind == kinds.HIDDEN:
        return field
    said: dict[str, Any] = {part: there.get(path_of(field.key, part)) or getattr(field, part) for part in PARTS}
    return replace(field, **said)
