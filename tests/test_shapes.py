"""The shapes that every room's actions and views have, read off the code. Exceptions may only shrink."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.test_architecture import SOURCE, functions, name_of, sources, tree, without
from tests.test_documentation import ACTIONS, NO_ACTIONS

MAX_VIEW_LINES = 15
VIEW_DECORATORS = {"allow", "signed_in", "public", "api"}

# file::function -> why this action has another shape.
OTHER_ACTIONS: dict[str, str] = {
    "workspaces/actions/arrivals.py::record_arrivals": "the stream tells it; nobody acts",
    "workspaces/actions/arrivals.py::record_repeats": "the stream tells it; nobody acts",
    "events/mapping_actions.py::forget_mapping": "how a file is read belongs to the command line, which has no user",
    "events/mapping_actions.py::save_mapping": "how a file is read belongs to the command line, which has no user",
}
# file::function -> why this view is longer.
LONG_VIEWS: dict[str, str] = {
    "people/views/changes.py::forget": "to be split: the page that asks, and the form that does",
    "people/views/lists.py::people_list": "to be split: the rows, and the words beside them",
}


def actions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Every public function of the modules of actions."""
    for path in sorted({path for pattern in ACTIONS for path in SOURCE.glob(pattern)}):
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", *NO_ACTIONS)):
                yield path, node


def returned(action: ast.FunctionDef) -> set[str]:
    """The names in the annotation of what an action returns."""
    return set(re.findall(r"[A-Za-z_]+", ast.unparse(action.returns))) if action.returns else {"nothing"}


def complaints(action: ast.FunctionDef, rows: set[str]) -> list[str]:
    """What is not as in verb_noun(subject, *, …, by) -> Row | Refused."""
    keywords = dict(zip((arg.arg for arg in action.args.kwonlyargs), action.args.kw_defaults, strict=True))
    found = returned(action)
    rules = {
        "its name is no verb_noun": not re.fullmatch(r"[a-z]+(_[a-z]+)+", action.name),
        "it takes more by position than its subject": len(action.args.args) != 1 or bool(action.args.defaults),
        "it has no `by`, or one with a default": "by" not in keywords or keywords["by"] is not None,
        "it returns no row": not found & rows or not found <= rows | {"Refused", "tuple", "str"},
        "it is not atomic": "transaction.atomic" not in ast.unparse(action),
    }
    return [words for words, is_so in rules.items() if is_so]


def test_actions_are_verb_noun_of_a_subject_by_somebody_and_return_a_row_or_a_refusal():
    rows = {model.__name__ for model in apps.get_models()}
    found: dict[str, object] = {
        f"{name_of(path)}::{action.name}": said for path, action in actions() if (said := complaints(action, rows))
    }
    assert without(found, OTHER_ACTIONS) == {}


def test_a_package_of_actions_lists_its_verbs():
    for package in SOURCE.glob("*/actions/__init__.py"):
        verbs = {action.name for path, action in actions() if path.parent == package.parent}
        listed = next(node for node in tree(package).body if isinstance(node, ast.Assign))
        assert set(ast.literal_eval(listed.value)) == verbs, name_of(package)


def is_view(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return any(isinstance(name, ast.Name) and name.id in VIEW_DECORATORS for name in names)


def body_lines(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines of a function's body hold code: no docstring, no comment, no empty line."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    lines = path.read_text(encoding="utf-8").splitlines()[body[0].lineno - 1 : function.end_lineno]
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))


def view_modules() -> list[Path]:
    return [path for path in sources() if any(is_view(function) for function in functions(path))]


def test_views_have_at_most_15_lines():
    found: dict[str, object] = {
        f"{name_of(path)}::{function.name}": lines
        for path in view_modules()
        for function in functions(path)
        if is_view(function) and (lines := body_lines(path, function)) > MAX_VIEW_LINES
    }
    assert without(found, LONG_VIEWS) == {}


def test_views_know_their_caller_by_the_type_of_their_request():
    found: dict[str, object] = {
        name_of(path): "type: ignore" for path in view_modules() if "type: ignore" in path.read_text(encoding="utf-8")
    }
    assert found == {}
