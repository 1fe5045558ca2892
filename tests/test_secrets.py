"""Secrets are compared in constant time or looked up by their digest, never with == (S21 of the bar)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "fullfunnel"
SECRET = re.compile(r"(^|_)(write_key|api_key|secret_key|token|digest|signature|hmac|password|secret|mac)$")
# path::expression -> why the two sides are no secrets.
NO_SECRETS: dict[str, str] = {}


def names(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def compared(text: str) -> list[str]:
    """The comparisons by == and != in which a side is named like a secret, other than with a constant."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Compare) or not all(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) for side in sides):
            continue
        if any(SECRET.search(name) for side in sides for name in names(side)):
            found.append(ast.unparse(node))
    return found


def test_no_secret_is_compared_with_equals():
    found = [
        f"{path.relative_to(SOURCE)}::{comparison}"
        for path in sorted(SOURCE.rglob("*.py"))
        if "tests" not in path.relative_to(SOURCE).parts and "migrations" not in path.parts
        for comparison in compared(path.read_text())
    ]
    assert [each for each in found if each not in NO_SECRETS] == []
    assert [each for each in NO_SECRETS if each not in found] == []


def test_the_search_finds_what_it_is_for():
    assert compared("if given == row.write_key: pass") == ["given == row.write_key"]
    assert compared("ok = hmac.compare_digest(a, b) or signature != expected") == ["signature != expected"]
    assert compared("if key == 'period': pass") == []
    assert compared("found = key in rows") == []
