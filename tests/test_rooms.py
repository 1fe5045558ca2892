"""Who may write which rows, and who may read them: read off the code, best effort."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.kit.routes import routes
from tests.kit.source import SOURCE, functions, name_of, room_of, sources, tree
from tests.test_architecture import without

WRITES = {
    "create",
    "update",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "save",
    "acreate",
}

# file::Model -> why it writes rows of another room without that room's action.
WRITES_ELSEWHERE: dict[str, str] = {
    "people/actions/erasing.py::Refusal": "erasure deletes what names the person, and only people knows by which words",
}

# file:function::Model -> why its query needs no workspace.
UNSCOPED: dict[str, str] = {
    "crm/forgetting.py:forget_in_deals::Deal": "narrowed by people who are about to go",
    "crm/forgetting.py:forget_in_deals::DealMove": "narrowed by people who are about to go",
    "crm/retelling.py:retell_deals::DealMove": "narrowed by people who are about to go",
    "events/backups/nightly.py:_thin::AuditEntry": "a backup holds all workspaces; when anybody was erased counts",
    "people/actions/erasing.py:finish_erasures::Erasure": "finishes what a crash interrupted, in all workspaces alike",
}


def models_by_name() -> dict[str, str]:
    """Model name -> its room."""
    return {
        model.__name__: model._meta.app_label for model in apps.get_models() if model._meta.app_label in settings.ROOMS
    }


def model_written(call: ast.Call) -> str | None:
    """The model in `Model.objects.filter(…).update(…)` and the like; None for anything else."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return None
    chain = ast.unparse(call.func.value)
    found = re.match(r"(?:[a-z_]+\.)*([A-Z][A-Za-z]+)\.objects\b", chain)
    return found[1] if found else None


def test_a_room_writes_only_its_own_rows():
    rooms = models_by_name()
    found: dict[str, object] = {}
    for path in sources():
        for node in ast.walk(tree(path)):
            model = model_written(node) if isinstance(node, ast.Call) else None
            if model in rooms and rooms[model] != room_of(path):
                found[f"{name_of(path)}::{model}"] = getattr(node, "lineno", 0)
    assert without(found, WRITES_ELSEWHERE) == {}


def scoped_models() -> set[str]:
    from fullfunnel.workspaces.models import WorkspaceRow

    return {model.__name__ for model in apps.get_models() if issubclass(model, WorkspaceRow)}


# What narrows a query to one workspace, or to rows that were found in one.
SCOPE = re.compile(
    r"workspace|\*\*scope|digest=|public_id|slug|\bpk\b|\bpk_|\bid=|id__in|in_bulk|batch|person(_id)?(__in)?=|event(_id)?=|event__in|"
    r"identity|\buser=|user_id=|bulk_create|bulk_update"
)


def test_every_query_on_rows_of_a_workspace_is_scoped():
    """Best effort: each `Model.objects…` statement, or the function around it, names the workspace or rows found in it."""
    scoped = scoped_models()
    found: dict[str, object] = {}
    for path in sources():
        # A tick acts for all workspaces alike; the command line is its owner's.
        if path.name == "on_tick.py" or room_of(path) == "cli":
            continue
        for function in functions(path):
            for statement in ast.walk(function):
                if not isinstance(statement, ast.stmt) or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                    continue
                text = ast.unparse(statement)
                for model in re.findall(r"\b([A-Z][A-Za-z]+)\.objects\b", text):
                    if model in scoped and not SCOPE.search(text):
                        found[f"{name_of(path)}:{function.name}::{model}"] = statement.lineno
    assert without(found, UNSCOPED) == {}


@pytest.mark.parametrize("route", list(routes()), ids=lambda route: f"{route.pattern} {' '.join(route.methods)}")
def test_every_route_declares_who_may_call_it(route):
    assert route.allowed, f"/{route.pattern} needs a decorator of workspaces/scope.py"
    known = {"owner", "admin", "marketer", "seller", "viewer"}
    assert route.allowed <= known or len(route.allowed) == 1


def test_rooms_are_named_in_the_layers():
    text = (Path(SOURCE).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    layers = text[text.index("layers = [") :]
    assert [room for room in settings.ROOMS if room not in re.findall(r"[a-z]+", layers)] == []
