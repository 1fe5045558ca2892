"""Documents that list things list what there is: the glossary, the settings, the commands, the files that are named."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from fullfunnel.cli import COMMANDS
from fullfunnel.events import names

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "fullfunnel"
ACTIONS = ["*/actions.py", "*/actions/*.py", "*/*_actions.py"]
# Public functions of those modules that answer, and change nothing themselves.
NO_ACTIONS = ("reason_", "wrong_", "load_", "finish_erasures")
DOCUMENTS = ["README.md", "ARCHITECTURE.md", "GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md"]


def section(document: str, heading: str) -> str:
    """The text below a heading of the second level, up to the next."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{document} has no heading '{heading}'"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The words in code of the first column of the tables in `text`."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [word for line in rows for word in re.findall(r"`([^`]+)`", line.split("|")[1])]


def same(listed: list[str], there: set[str]) -> None:
    assert sorted(set(listed) - there) == [], "listed, but not there"
    assert sorted(there - set(listed)) == [], "there, but not listed"
    assert len(listed) == len(set(listed)), "listed twice"


def test_the_glossary_holds_every_noun():
    models = {model.__name__ for model in apps.get_models() if model._meta.app_label in settings.ROOMS}
    same(first_cells(section("GLOSSARY.md", "What there is")), models)


def actions() -> Iterator[str]:
    for pattern in ACTIONS:
        for path in SOURCE.glob(pattern):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", *NO_ACTIONS)):
                    yield node.name


def test_the_glossary_holds_every_verb():
    same(first_cells(section("GLOSSARY.md", "What may be done")), set(actions()))


def test_the_glossary_holds_every_event():
    ours = {value for name, value in vars(names).items() if name.isupper() and isinstance(value, str)}
    spec = {names.canonical(name.strip()) for chapter in names.SPEC.values() for name in chapter.split(",")}
    listed = [
        word
        for line in section("GLOSSARY.md", "What happens").splitlines()
        if line.startswith("| ")
        for word in re.findall(r"`([^`]+)`", line.split("|")[2])
    ]
    same(listed, ours | spec)


def test_the_glossary_holds_every_command():
    same(first_cells(section("GLOSSARY.md", "Commands")), set(COMMANDS))


def test_the_glossary_holds_every_room():
    same(first_cells(section("GLOSSARY.md", "Rooms")), {*settings.ROOMS, "cli", "config", "journeys"})


def test_every_setting_is_documented():
    read = {
        found
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.relative_to(SOURCE).parts
        for found in re.findall(r"environ(?:\.get)?[\(\[]\s*\"(FULLFUNNEL_[A-Z_]+)\"", path.read_text(encoding="utf-8"))
    }
    # What a supervisor says to its children, and what only tests set.
    read -= {"FULLFUNNEL_ONLY", "FULLFUNNEL_PARENT", "FULLFUNNEL_CRASH_AT", "FULLFUNNEL_TEST_TICKS"}
    same(first_cells((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")), read)


def test_the_settings_table_says_the_true_defaults():
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    code = (SOURCE / "config" / "settings.py").read_text(encoding="utf-8")
    for name, default in re.findall(r"environ\.get\(\"(FULLFUNNEL_[A-Z_]+)\", \"([^\"]+)\"\)", code):
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert f"`{default}`" in row, f"the default of {name} is {default}"


@pytest.mark.parametrize("document", [*DOCUMENTS, "docs/settings.md", "docs/operations.md"])
def test_files_that_a_document_names_are_there(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#:]+)\)", text)
    named += re.findall(r"`((?:src|tests|docs|benchmarks|locks|build_hooks)/[\w./-]+)`", text)
    base = (ROOT / document).parent
    missing = [name for name in named if not (base / name).exists() and not (ROOT / name).exists()]
    missing = [name for name in missing if not (SOURCE / name).exists()]
    assert missing == []


def commands_in(document: str) -> list[str]:
    """Each `fullfunnel …` line of a document's code blocks; a line that ends in a backslash goes on in the next."""
    text = (ROOT / document).read_text(encoding="utf-8").replace("\\\n", " ")
    fenced = re.findall(r"```([a-z]*)\n(.*?)```", text, re.DOTALL)
    blocks = "\n".join(block for kind, block in fenced if kind == "sh")
    return re.findall(r"^(?:\.venv/bin/)?fullfunnel ([a-z][^#\n]*)", blocks, re.MULTILINE)


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md"])
def test_every_command_that_a_document_shows_is_one_that_the_program_reads(document):
    import argparse
    import importlib
    import shlex

    shown = commands_in(document)
    assert len(shown) >= 3
    for line in shown:
        words = shlex.split(line.split(" < ")[0].split(" > ")[0])
        assert words[0] in COMMANDS, line
        parser = argparse.ArgumentParser(exit_on_error=False)
        parser.add_argument("--data-dir")
        importlib.import_module(f"fullfunnel.cli.{COMMANDS[words[0]][0]}").add_arguments(parser)
        try:
            parser.parse_args(words[1:])
        except (argparse.ArgumentError, SystemExit) as error:
            raise AssertionError(f"{document}: fullfunnel {line}: {error}") from error


def test_make_knows_every_target_that_a_document_names():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"`make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8"))
    }
    assert named - targets == set()


def test_the_question_of_the_readme_gives_the_answer_of_the_readme(tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^`([\w.]+)`:\n\n```[a-z]*\n(.*?)```", text, re.MULTILINE | re.DOTALL))
    assert set(files) == {"visits.csv", "question.json", "answer"}
    for name in ("visits.csv", "question.json"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "fullfunnel", "ask", "question.json", "--events", "visits.csv"],
        cwd=tmp_path, env=os.environ | {"FULLFUNNEL_DATA_DIR": str(tmp_path)}, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    import json

    steps = json.loads(done.stdout)["steps"]
    shown = [line.split(None, 1) for line in files["answer"].splitlines()]
    assert [(str(step["count"]), step["label"]) for step in steps] == [tuple(line) for line in shown]


def test_each_decision_fits_on_a_page_and_has_a_number_of_its_own():
    files = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
    numbers = [path.name[:4] for path in files]
    assert len(numbers) == len(set(numbers))
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", path.name)
        assert re.match(rf"# 0*{int(path.name[:4])}[. ]", text), f"{path.name} begins with its number"
        assert len(text.split()) <= 500, path.name


def test_the_architecture_fits_on_two_pages_and_says_where_to_start_reading():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.split()) <= 1_200
    assert text.rstrip().splitlines()[-1]
    assert re.findall(r"^## (.*)", text, re.MULTILINE)[-1] == "Where to start reading"
