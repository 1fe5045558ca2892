"""Nobody with a website's key says what our own actions record: every name that they give is refused."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullfunnel.capture.dialects.fields import Refused, Request
from fullfunnel.capture.dialects.segment import arrival_of
from fullfunnel.core import clock
from fullfunnel.events import names
from tests.kit.source import name_of, sources, tree

# The functions of people that take the name of an event of our own, second by position or as `name`.
RECORDERS = {
    "fullfunnel.people.record": {"record", "record_visit"},
    "fullfunnel.people.arrivals": {"about"},
    "fullfunnel.crm.telling": {"tell_lead", "tell_deal", "tell_activity"},
}
# They pass on the name that they were given, or look it up in a table of theirs, EVENTS.
PASSES_ON = {"people/record.py", "crm/telling.py", "crm/retelling.py"}
TABLES = {"crm/actions/deciding.py", "crm/actions/moving.py", "crm/retelling.py"}


def recorders_in(path: Path) -> set[str]:
    """Return what a file calls the recorders that it imports."""
    imports = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name
        for node in imports
        for alias in node.names
        if alias.name in RECORDERS.get(node.module or "", ())
    }


def names_recorded() -> Iterator[tuple[str, str]]:
    """Return (file, name of an event) of every call of a recorder."""
    for path in sources():
        for node in ast.walk(tree(path)) if (called := recorders_in(path)) else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in called:
                given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "name")]
                yield name_of(path), text_of(given[0])


def text_of(given: ast.expr) -> str:
    """Return the name that stands there; a variable's is `?` and its own name."""
    if isinstance(given, ast.Constant):
        return str(given.value)
    constant = given.id if isinstance(given, ast.Name) else ast.unparse(given)
    return getattr(names, constant, f"?{constant}")


def names_in_tables() -> Iterator[str]:
    """Return the events that a table EVENTS of a file names."""
    for path in sources():
        if name_of(path) in TABLES:
            for node in tree(path).body:
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EVENTS":
                    assert isinstance(node.value, ast.Dict)
                    yield from map(text_of, node.value.values)


# The events of forms are what a browser did: our page says them in its name, and is believed as little (test below).
OF_STRANGERS = sorted({name for _, name in names_recorded() if name in names.OF_FORMS})
RECORDED = sorted(
    {name for path, name in names_recorded() if path not in PASSES_ON and not name.startswith("?EVENTS[")}
    - names.OF_FORMS
    - names.OF_ADVOCATES
    - names.OF_MAIL
    | set(names_in_tables())
)


def test_the_walk_finds_what_notes_and_people_record():
    assert {"note_added", "note_removed", "people_merged", "consent_changed", "company_identified"} <= set(RECORDED)
    assert [name for name in RECORDED if name.startswith("?")] == [], "give the recorder a constant of events.names"


@pytest.mark.parametrize("name", RECORDED)
def test_what_our_own_actions_record_is_reserved_or_for_servers(name):
    assert name in names.RESERVED or names.is_about_sales(name)
    assert name in names.KNOWN


def test_what_browsers_may_say_too_is_recorded_in_a_strangers_name():
    from fullfunnel.workspaces.models import Source

    assert OF_STRANGERS == ["form_field_abandoned", "form_started", "form_submitted", "form_viewed"]
    said = [node for path in sources() for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    of_forms = [node for node in said if any(ast.unparse(arg) == "FORM_SUBMITTED" for arg in node.args)]
    assert of_forms
    assert all("told.sender(source)" in ast.unparse(node) for node in of_forms)
    assert Source.Kind.WEB == "web"


@pytest.mark.parametrize("name", RECORDED)
def test_a_website_cannot_say_it(name):
    item = {"type": "track", "event": f" {name} ", "anonymousId": "a"}
    refused = arrival_of(item, Request(clock.now_us(), "web"))
    assert (type(refused), refused.field) == (Refused, "event")
