"""The rules that the tests themselves keep."""

import ast
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "src").rglob("tests/*.py"), ROOT / "conftest.py"])


def name_of(path):
    return str(path.relative_to(ROOT))


def deep_modules():
    """What the packages of the group `deep` are imported as."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    packages = {line.partition("~=")[0] for line in groups["deep"]}
    found = {module for module, names in packages_distributions().items() if packages & set(names)}
    # Where they are not installed, only `make test` runs; there the collection itself fails at such an import.
    return found | {"chdb", "playwright", "segment"}


def imported_at_once(tree):
    """The packages that a file imports when it is itself imported."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_what_only_deep_tests_need_is_imported_where_it_is_used():
    deep = deep_modules()
    found = {name_of(path): deep & set(imported_at_once(ast.parse(path.read_text()))) for path in FILES}
    assert {path: modules for path, modules in found.items() if modules} == {}


@pytest.mark.parametrize("path", ["tests/browser/*.py", "tests/reliability/*.py", "tests/test_real_clients.py"])
def test_what_kills_browses_or_needs_other_packages_is_deep(path):
    tests = [file for file in sorted(ROOT.glob(path)) if file.name.startswith("test_")]
    assert tests
    assert [name_of(file) for file in tests if "pytest.mark.deep" not in file.read_text()] == []


def annotated(path):
    """The test functions of a file that annotate something."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            if node.returns or any(argument.annotation for argument in arguments):
                yield f"{name_of(path)}::{node.name}"


def test_a_test_function_annotates_nothing():
    """The one rule of types in tests, see CONTRIBUTING.md; the kit and the runners of cases are mypy's."""
    assert [name for path in FILES if path.name.startswith("test_") for name in annotated(path)] == []


def test_mypy_checks_what_tests_share():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert settings["strict"]
    assert {"tests.kit", "tests.cases"} <= set(settings["packages"])
