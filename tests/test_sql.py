"""No caller's text stands in SQL: read off the code, best effort. Values are bound; braces hold only what is ours."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.kit.source import name_of, sources, tree

SQL = re.compile(r"\b(SELECT|INSERT INTO|DELETE FROM|UPDATE|WHERE|ORDER BY|GROUP BY)\b")
# What these are called is what came from outside.
FOREIGN = re.compile(
    r"(request|body|query|question|search|term|slug|value|text|label|email|name|prop|property|given|user)s?",
    re.IGNORECASE,
)
# Functions whose result is safe whatever they are given: numbers, quoting by the dialect, our own scans.
SAFE_CALLS = re.compile(
    r"(int|float|len|scan|span\.source|_integers|_text|property_text|d\..*|dialect\..*|sql\.table|.*\.join)"
)

# file::expression -> why it is ours although its name does not say so.
OURS = {
    "events/store/engine.py::names": "paths of the lake's files, quoted",
    "people/units.py::text": "one of two column expressions",
}


def pieces(module: ast.AST) -> Iterator[ast.expr]:
    """What stands in the braces of every f-string that holds SQL."""
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            constants = [part.value for part in node.values if isinstance(part, ast.Constant)]
            if SQL.search(" ".join(str(text) for text in constants)):
                yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))


def is_ours(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return is_ours(node.body) and is_ours(node.orelse)
    if isinstance(node, ast.BinOp):
        return is_ours(node.left) and is_ours(node.right)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return bool(SAFE_CALLS.fullmatch(called)) or called.startswith(("_", "self._")) or all(map(is_ours, node.args))
    if isinstance(node, ast.Attribute):
        return not FOREIGN.fullmatch(node.attr) and is_ours(node.value)
    return isinstance(node, ast.Name) and (node.id.isupper() or not FOREIGN.fullmatch(node.id))


def foreign(path: Path) -> list[str]:
    return [f"{name_of(path)}::{ast.unparse(p)}" for p in pieces(tree(path)) if not is_ours(p)]


def test_no_text_of_a_caller_stands_in_sql():
    found = [piece for path in sources() for piece in foreign(path)]
    assert [piece for piece in found if piece not in OURS] == []
    assert [piece for piece in OURS if piece not in found] == [], "no longer there: take it off the list"


def test_the_reader_finds_what_it_is_for():
    bad = """f"SELECT * FROM events WHERE name = '{name}'" + f"DELETE FROM a WHERE b = {request.GET['x']}" """
    good = """f"SELECT {d.text(name)}, {COLUMNS} FROM events WHERE seq > {int(page)} {'AND x' if search else ''}" """
    assert [is_ours(piece) for piece in pieces(ast.parse(bad))] == [False, False]
    assert all(is_ours(piece) for piece in pieces(ast.parse(good)))


# Rooms whose rows are asked for by the ORM alone, or by the helpers of a module `sql`: PostgreSQL costs no rewrite of them.
WITHOUT_SQL = ("crm", "forms", "stages")
RAW = re.compile(r"\b(cursor|raw|extra|RawSQL|execute|executemany)\(|\b(connection|connections)\b")


def test_the_rooms_of_sales_hold_no_sql_of_their_own():
    found = [
        f"{name_of(path)}:{number}"
        for path in sources()
        if name_of(path).split("/")[0] in WITHOUT_SQL
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if RAW.search(line.split("#")[0]) or SQL.search(line.split("#")[0])
    ]
    assert found == []
