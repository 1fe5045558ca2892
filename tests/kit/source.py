"""What the tests of the house read off its source: files, code lines, words of prose, and which file imports which."""

import ast
import io
import tokenize
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "fullfunnel"
Function = ast.FunctionDef | ast.AsyncFunctionDef
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def sources(*, tests: bool = False) -> list[Path]:
    """Return our Python files without migrations, with the rooms' tests or without."""
    files = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
    return files if tests else [path for path in files if "tests" not in path.relative_to(SOURCE).parts]


def name_of(path: Path) -> str:
    """Return the path below src/fullfunnel."""
    return str(path.relative_to(SOURCE))


def room_of(path: Path) -> str:
    """Return the room that a file lies in."""
    return path.relative_to(SOURCE).parts[0]


@cache
def tree(path: Path) -> ast.Module:
    """Return a file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Return every function and method of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def parameters_of(function: Function) -> int:
    """Count the parameters of a function, without self or cls."""
    given = [*function.args.posonlyargs, *function.args.args]
    own = 1 if given and given[0].arg in ("self", "cls") else 0
    return len(given) + len(function.args.kwonlyargs) - own


def lines_of(path: Path) -> int:
    """Count all lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def docstrings(path: Path) -> Iterator[ast.Constant]:
    """Return the docstrings of a file, its classes and its functions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and node.body:
            first = node.body[0]
            value = first.value if isinstance(first, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value


@cache
def code_lines(path: Path) -> frozenset[int]:
    """Return the numbers of the lines that hold code: no blank line, no comment, no docstring."""
    code: set[int] = set()
    for token in _tokens(path):
        if token.type not in NO_CODE:
            code.update(range(token.start[0], token.end[0] + 1))
    for docstring in docstrings(path):
        code.difference_update(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return frozenset(code)


def function_lines(path: Path, function: Function) -> int:
    """Count the code lines of a function, from its `def`."""
    return len(code_lines(path) & set(range(function.lineno, (function.end_lineno or 0) + 1)))


def words_of_prose(path: Path) -> int:
    """Count the words of docstrings and comments."""
    comments = [token.string.strip("# ") for token in _tokens(path) if token.type == tokenize.COMMENT]
    return sum(len(text.split()) for text in [*comments, *(str(node.value) for node in docstrings(path))])


def _tokens(path: Path) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)


def imports() -> dict[str, set[str]]:
    """Return which of our modules each one imports, wherever the import stands.

    Imports inside functions and under TYPE_CHECKING count. That a.b.c also runs the `__init__` of a and a.b does not.
    """
    files = {_module_of(path): path for path in sources(tests=True)}
    return {
        module: {name for name in _named(path, files.keys()) if name in files} - {module}
        for module, path in files.items()
    }


def _module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _named(path: Path, modules: Collection[str]) -> Iterator[str]:
    """Return the modules that a file names: of `from a import b` a.b, or a where a.b is none of ours."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{name_of(path)}:{node.lineno} imports relatively, which this does not follow"
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports relatively, which this does not follow"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules else node.module


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, each sorted (the strongly connected components)."""
    reached = {module: _reached(module, edges) for module in edges}
    groups = {frozenset({other for other in reached[module] if module in reached[other]}) for module in edges}
    return sorted(sorted(group) for group in groups if group)


def _reached(start: str, edges: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(edges[start])
    while waiting:
        if (module := waiting.pop()) not in found:
            found.add(module)
            waiting.extend(edges[module])
    return found
