"""The house's rules, read off the code. Exceptions are listed with their reason, and the lists may only shrink."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.kit.source import (
    ROOT,
    SOURCE,
    circles,
    code_lines,
    function_lines,
    functions,
    imports,
    lines_of,
    name_of,
    parameters_of,
    sources,
    tree,
    words_of_prose,
)

# Of code: blank lines, comments and docstrings do not count, so that no reason is deleted to fit.
MAX_LINES, MAX_FUNCTION_LINES = 300, 40
MAX_TEMPLATE_LINES, MAX_WIRING_LINES = 200, 80
MAX_MODULES, MAX_PARAMETERS, MAX_PACKAGES = 20, 8, 36
MAX_COLUMNS = 120

# path below src/fullfunnel -> why it may be longer.
LONG_FILES: dict[str, str] = {}
# path::function -> why it may be longer.
LONG_FUNCTIONS: dict[str, str] = {}
LONG_TEMPLATES: dict[str, str] = {}
# folder below src/fullfunnel -> why it may have more modules.
FULL_FOLDERS = {
    "events": "inbox/ and files/ leave it with the next change of the stream",
    "events/store": "lake/ and index/ are to be folders of their own with the next change of the stream",
    "people": "what the stream does to people is to be a folder of its own with the next change of identity",
}
# path::function -> the parameters it has. All are Numba kernels, which take arrays and no objects. The numbers may only fall.
LONG_SIGNATURES: dict[str, int] = {
    "events/store/lists.py::_listed": 9,
    "journeys/attribution/credits.py::_credit": 10,
    "journeys/attribution/credits.py::_divide": 12,
    "journeys/attribution/credits.py::_sets": 10,
    "journeys/attribution/windows.py::tell_touches": 9,
    "journeys/folds/merging.py::_merge": 10,
    "journeys/folds/sessions.py::_collect": 11,
    "journeys/folds/sessions.py::_scan": 9,
    "journeys/funnel/each_entry.py::each": 10,
    "journeys/funnel/fast/contiguous.py::_part": 10,
    "journeys/funnel/fast/fast_path.py::_fold": 9,
    "journeys/funnel/fast/fast_path.py::_fold_lone": 18,
    "journeys/funnel/fast/multi_slice.py::_fold": 11,
    "journeys/funnel/fast/multi_slice.py::fold_multi_slice": 11,
    "journeys/funnel/fast/one_pass.py::_fold": 9,
    "journeys/funnel/fast/one_pass.py::_furthest": 10,
    "journeys/funnel/fast/one_pass.py::stand": 14,
    "journeys/funnel/fast/properties.py::edge_value": 9,
    "journeys/funnel/fast/reach.py::reach": 11,
    "journeys/funnel/kernel.py::keep": 9,
    "journeys/funnel/kernel.py::standing": 9,
    "journeys/retention/fold.py::_fold": 11,
}
# Groups of files that import each other -> why.
IMPORT_CIRCLES: dict[str, str] = {}
# Suffix -> lines of src that are wider than MAX_COLUMNS. The numbers may only fall.
WIDE_LINES = {".html": 446, ".css": 0, ".js": 43}
# Words of docstrings and comments per 100 lines of src. The number may only fall.
MAX_WORDS_OF_PROSE = 132
# path::text of the call -> why this text, which looks like a dotted path, is none.
NOT_DOTTED_PATHS: dict[str, str] = {}


def without(found: dict[str, object], allowed: dict[str, str]) -> dict[str, object]:
    """What is found and not allowed; an allowance that is no longer needed is a finding of its own."""
    left = {name: value for name, value in found.items() if name not in allowed}
    return left | {name: "is within the rule now: take it off the list" for name in allowed if name not in found}


def test_a_file_has_at_most_300_lines_of_code():
    others = [*sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
    long: dict[str, object] = {}
    for path in [*sources(tests=True), *others]:
        if (lines := len(code_lines(path))) > MAX_LINES:
            long[name_of(path) if path.is_relative_to(SOURCE) else str(path.relative_to(ROOT))] = lines
    assert without(long, LONG_FILES) == {}


def test_a_function_has_at_most_40_lines_of_code():
    long: dict[str, object] = {}
    for path in sources():
        for function in functions(path):
            if (lines := function_lines(path, function)) > MAX_FUNCTION_LINES:
                long[f"{name_of(path)}::{function.name}"] = lines
    assert without(long, LONG_FUNCTIONS) == {}


def test_a_function_has_at_most_8_parameters():
    many = {
        f"{name_of(path)}::{function.name}": count
        for path in sources()
        for function in functions(path)
        if (count := parameters_of(function)) > MAX_PARAMETERS
    }
    grown = {name: count for name, count in many.items() if count > LONG_SIGNATURES.get(name, 0)}
    assert grown == {}
    assert many == LONG_SIGNATURES, "write the smaller number, or take it off the list"


def test_a_folder_has_at_most_20_modules():
    modules = Counter(str(path.parent.relative_to(SOURCE)) for path in sources())
    full: dict[str, object] = {folder: count for folder, count in modules.items() if count > MAX_MODULES}
    assert without(full, FULL_FOLDERS) == {}


def test_no_files_import_each_other_in_a_circle():
    found: dict[str, object] = {" ".join(circle): len(circle) for circle in circles(imports())}
    assert without(found, IMPORT_CIRCLES) == {}


def test_a_circle_is_found_wherever_the_import_stands():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": set(), "e": {"d"}}) == [["a", "b", "c"]]
    assert "fullfunnel.events.store.lake" in imports()["fullfunnel.events.store"], "an import inside a function counts"
    assert "fullfunnel.events.store.dialects" in imports()["fullfunnel.events.conditions.sql"], "TYPE_CHECKING counts"


def test_a_template_has_at_most_200_lines():
    long: dict[str, object] = {
        name_of(path): lines_of(path) for path in sorted(SOURCE.rglob("*.html")) if lines_of(path) > MAX_TEMPLATE_LINES
    }
    assert without(long, LONG_TEMPLATES) == {}


@pytest.mark.parametrize("suffix", WIDE_LINES)
def test_lines_wider_than_120_columns_become_fewer(suffix):
    wide = Counter(
        name_of(path)
        for path in SOURCE.rglob(f"*{suffix}")
        if "vendor" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > MAX_COLUMNS
    )
    assert wide.total() <= WIDE_LINES[suffix], wide.most_common(10)


def test_prose_becomes_less():
    words = sum(words_of_prose(path) for path in sources())
    lines = sum(lines_of(path) for path in sources())
    share = 100 * words / lines
    print(f"{share:.1f} words of prose per 100 lines")
    assert share <= MAX_WORDS_OF_PROSE, f"{share:.1f}; write at most 70 in what you touch"


def test_a_file_of_the_wiring_has_at_most_80_lines():
    files = sorted((SOURCE / "config" / "wiring").glob("*.py"))
    assert files
    assert [path.name for path in files if lines_of(path) > MAX_WIRING_LINES] == []


def test_nothing_works_by_signals():
    using = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources(tests=True)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and node.module
        and (node.module.startswith("django.dispatch") or re.fullmatch(r"django\..*signals", node.module))
    ]
    assert using == []


def test_nothing_waits_by_select_which_fails_on_descriptors_above_1023():
    using = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("src", "tests", "benchmarks", "build_hooks")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr in ("select", "SelectSelector") and is_select(node.value))
        or (isinstance(node, ast.ImportFrom) and node.module in ("select", "selectors") and selects(node))
    ]
    assert using == []


def is_select(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in ("select", "selectors")


def selects(node: ast.ImportFrom) -> bool:
    return any(name.name in ("select", "SelectSelector", "*") for name in node.names)


def test_nothing_is_done_in_save():
    overriding = [
        f"{name_of(path)}:{function.lineno}"
        for path in sources()
        if path.name == "models.py"
        for function in functions(path)
        if function.name in ("save", "delete", "clean", "full_clean")
    ]
    assert overriding == []


def test_dotted_paths_stand_only_in_the_wiring_and_the_settings():
    dotted = re.compile(r"fullfunnel(\.[a-z_]+)+(:[a-z_]+)?")
    found: dict[str, object] = {}
    for path in sources():
        if name_of(path).startswith("config/wiring/") or name_of(path) == "config/settings.py":
            continue
        documents = {
            id(node.body[0].value)
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in documents:
                continue
            # An app's own name, its URLs in config/urls.py, and a logger's name are Django's and logging's way.
            if dotted.fullmatch(node.value) and not _is_usual(path, node.value):
                found[f"{name_of(path)}::{node.value}"] = node.lineno
    assert without(found, NOT_DOTTED_PATHS | STARTED_BY_NAME) == {}


# Programs that are started as processes of their own have no other name.
STARTED_BY_NAME = {
    "cli/serve.py::fullfunnel.config.web": "started by python -m",
    "cli/serve.py::fullfunnel.config.worker": "started by python -m",
    "config/worker.py::fullfunnel.config.worker": "started by python -m",
    "config/web.py::fullfunnel.config.asgi:served": "granian loads it in its own process",
}


def _is_usual(path: Path, text: str) -> bool:
    return (
        (path.name == "apps.py" and text.count(".") == 1)
        or (name_of(path) == "config/urls.py" and text.endswith(".urls"))
        or text in ("fullfunnel.config.settings", "fullfunnel.worker")
        or (text.count(".") == 1 and f'getLogger("{text}")' in path.read_text(encoding="utf-8"))
    )


def test_the_wiring_names_only_what_is_there():
    from django.utils.module_loading import import_string

    from fullfunnel.config import wiring

    ticks = [path for lane in wiring.LANES.values() for _, _, path in lane]
    doors = [path for _, _, path in wiring.DOORS]
    assert all(import_string(path).models for path in wiring.ROWS_OF_PEOPLE.values())
    paths = [*wiring.INTAKE, *(path for _, path, _ in wiring.ON_EVENT), *wiring.ON_START, *ticks, *doors]
    assert all(callable(import_string(path)) for path in paths)
    assert [import_string(f"{kind.engine}.KIND").name for kind in wiring.KINDS] == [kind.name for kind in wiring.KINDS]
    assert all(import_string(f"{kind.page}.PAGE").form.name == kind.name for kind in wiring.KINDS if kind.page)


def test_every_lane_has_a_limit_and_a_process_and_every_tick_a_name():
    from fullfunnel.config import wiring
    from fullfunnel.core.worker import LATE_AFTER

    assert sorted(wiring.LANES) == sorted(LATE_AFTER)
    assert sorted(lane for lanes in wiring.PROCESSES.values() for lane in lanes) == sorted(LATE_AFTER)
    names = [name for ticks in wiring.LANES.values() for name, _, _ in ticks]
    assert len(names) == len(set(names))


def test_every_room_says_what_it_is_for():
    from django.conf import settings

    silent = [
        room
        for room in [*settings.ROOMS, "cli", "config"]
        if not ast.get_docstring(tree(SOURCE / room / "__init__.py"))
    ]
    assert silent == []


def test_the_time_is_read_only_in_the_clock():
    reading = []
    for path in sources():
        if name_of(path) == "core/clock.py":
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                text = ast.unparse(node.func)
                # time.monotonic and perf_counter measure durations, which no clock may set.
                if re.search(
                    r"(datetime|date|timezone)\.(now|utcnow|today|fromtimestamp)$|^time\.(time|time_ns)$", text
                ):
                    reading.append(f"{name_of(path)}:{node.lineno} {text}")
    assert reading == []


# What opens a line to a mail server, and who alone may import it.
WAYS_OUT = {
    "smtplib": {"core/mail/smtp.py"},
    "fullfunnel.core.mail.smtp": {"core/mail/gate.py", "core/mail/servers.py"},
    "aiosmtplib": set(),
    "django.core.mail": set(),
}


def test_every_mail_passes_the_one_gate():
    found = {
        way: {name_of(path) for path in sources() if imports_module(path, way)} - allowed
        for way, allowed in WAYS_OUT.items()
    }
    assert {way: names for way, names in found.items() if names} == {}
    speaking = {name_of(path) for path in sources() if "hand_over_by_smtp(" in path.read_text(encoding="utf-8")}
    assert speaking == {"core/mail/smtp.py", "core/mail/gate.py"}, "servers.py takes its Relay alone"
    assert imports_module(SOURCE / "core/mail/smtp.py", "smtplib"), "the walk finds what is there"


def imports_module(path: Path, module: str) -> bool:
    package, _, name = module.rpartition(".")
    return any(
        (isinstance(node, ast.Import) and any(alias.name == module for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == module)
        or (isinstance(node, ast.ImportFrom) and node.module == package and name in {a.name for a in node.names})
        for node in ast.walk(tree(path))
    )


def test_modules_have_names_that_say_what_is_in_them():
    banned = {"utils", "helpers", "services", "managers", "common", "misc", "util", "helper"}
    assert [name_of(path) for path in sources(tests=True) if path.stem in banned] == []


def test_secrets_are_compared_in_constant_time():
    """Best effort: nothing that is named like a secret stands beside == or !=."""
    secret = re.compile(r"(^|_)(secret|token|digest|signature|hmac|password|api_key|write_key|otp)$")
    compared = []
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops):
                for side in (node.left, *node.comparators):
                    last = (
                        side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
                    )
                    if secret.search(last):
                        compared.append(f"{name_of(path)}:{node.lineno} {ast.unparse(node)}")
    assert compared == []


def test_there_are_at_most_36_direct_packages_at_run_time():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(project["dependencies"]) <= MAX_PACKAGES


@pytest.mark.parametrize("name", ["run", "test", "build"])
def test_a_lock_pins_everything_by_hash_and_names_no_host(name):
    text = (ROOT / "locks" / f"{name}.lock").read_text(encoding="utf-8")
    blocks = re.split(
        r"\n(?=[a-z0-9])", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    )
    pinned = [block for block in blocks if block.strip()]
    assert len(pinned) >= 4
    for block in pinned:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==", block), block
        assert "--hash=sha256:" in block, block
    assert "://" not in text
    assert "index-url" not in text


def test_no_committed_file_names_a_package_host():
    hosts = re.compile(r"(pypi|pythonhosted|npmjs|debian)\.(org|com)", re.IGNORECASE)
    suffixes = {".py", ".toml", ".lock", ".json", ".yaml", ".yml", ".md", ".cfg", ".txt", ""}
    skip = {".git", ".venv", "node_modules", "vendor", "data", "screens"}
    naming = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.is_file()
        and path.suffix in suffixes
        and not skip & set(path.relative_to(ROOT).parts)
        and not any(part.endswith("_cache") for part in path.parts)
        and path != Path(__file__)
        and hosts.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert naming == []
