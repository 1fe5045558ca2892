"""A workspace's own texts, and what may stand in one."""

import re
from contextlib import AbstractContextManager

from fullfunnel.core import texts
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import names_in
from fullfunnel.core.texts.catalogue import TEXTS
from fullfunnel.workspaces.models import OwnText, Workspace

LONGEST = 500
_NAMED = re.compile(r"\{\w+\}")


def own_texts(workspace: Workspace) -> AbstractContextManager[None]:
    """Say inside what this workspace says in its own words; they are loaded when the first text is said."""
    return texts.using(lambda: _texts_of(workspace))


def _texts_of(workspace: Workspace) -> dict[tuple[str, str], str]:
    rows = OwnText.objects.filter(workspace=workspace).values_list("key", "language", "text")
    return {(key, language): text for key, language, text in rows}


def wrong_text(key: str, language: str, text: str) -> Refused | None:
    """Return why this cannot be said instead of a text of the catalogue; None when it can."""
    default = TEXTS.get(key, {}).get(language)
    if default is None:
        return Refused(f"There is no text '{key[:60]}' in '{language[:10]}'; choose one of the list.")
    if not 0 < len(text) <= LONGEST:
        return Refused(f"A text has 1 to {LONGEST} characters; reset it to have the default.", "text")
    needed, there = names_in(default), names_in(text)
    if missing := [name for name in needed if name not in there]:
        said = _braced(missing)
        return Refused(f"{said} is missing: keep it where its value is to stand.", "text")
    if unknown := [name for name in there if name not in needed]:
        known = f"this text knows {_braced(needed)}" if needed else "this text has no variables"
        return Refused(f"{_braced(unknown)} is not known here: {known}.", "text")
    if re.search(r"[{}]", _NAMED.sub("", text)):
        return Refused("A brace stands alone: braces belong around the name of a variable.", "text")
    return None


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
