"""Kinds of pages: which addresses are price pages, content, sign-in. Stage rules name the kinds, each workspace the addresses."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fullfunnel.events.conditions import Clause, Condition, Group, Has

# The property that a rule names; it stands for a test of `path`.
PAGE_KIND = "page_kind"
# Of a postcode: one that the firm serves. A workspace that names none serves all; kept under POSTCODE beside the pages.
SERVED, POSTCODE = "served", "postcode"
DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "price": ("/pricing*", "/preise*", "/prices*", "/tarifs*"),
    "content": ("/blog/*", "/guides/*", "/resources/*"),
    "comparison": ("/vs/*", "/compare*"),
    "case_study": ("/customers/*", "/case*"),
    "calculator": ("/calculator*", "/rechner*"),
    "financing": ("/financing*", "/finanzierung*"),
    "basket": ("/cart*", "/basket*", "/warenkorb*"),
    "app": ("/app*",),
    "sign_in": ("/login*", "/sign-in*"),
    "support": ("/help*", "/support*", "/docs/*"),
    "careers": ("/jobs*", "/careers*"),
}
# Visits to these alone are no visits of somebody who may buy.
LEFT_OUT = ("app", "sign_in", "support", "careers")
NO_PATH = "^$"

Pages = Mapping[str, Sequence[str]]


def page_pattern(kinds: Sequence[str], pages: Pages) -> str:
    """Return the regular expression (RE2) of the paths of these kinds. A `*` in a pattern is any text."""
    patterns = [pattern for kind in kinds for pattern in pages.get(kind, DEFAULTS.get(kind, ()))]
    parts = [".*".join(re.escape(part) for part in pattern.split("*")) for pattern in patterns]
    return f"^(?:{'|'.join(parts)})$" if parts else NO_PATH


def with_pages(clause: Clause, pages: Pages) -> Clause:
    """Return the clause with kinds of pages replaced by tests of the path."""
    if isinstance(clause, Group):
        return Group(clause.op, tuple(with_pages(one, pages) for one in clause.of))
    if isinstance(clause, Has):
        return replace(clause, where=tuple(found for one in clause.where for found in _meant(one, pages)))
    return clause


def _meant(condition: Condition, pages: Pages) -> tuple[Condition, ...]:
    if condition.property != SERVED:
        return (_of_path(condition, pages),)
    served = page_pattern([POSTCODE], pages)
    return (Condition("new", "matches", (served,)),) if pages.get(POSTCODE) else ()


def _of_path(condition: Condition, pages: Pages) -> Condition:
    if condition.property != PAGE_KIND:
        return condition
    return Condition("path", "matches", (page_pattern([str(kind) for kind in condition.operands], pages),))
