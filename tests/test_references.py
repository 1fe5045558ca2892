"""What documents and modules refer to is there: files of this repository, decisions, and what each room lets others use."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "fullfunnel"
DECISIONS = ROOT / "docs" / "adr"
# Decisions keep the words of their day; this one page is about the folder of other people's data.
ABOUT_THE_SHARED_FOLDER = ROOT / "docs" / "real-data.md"


def readers() -> list[Path]:
    """Every document and module that may name a file, but decisions and tests."""
    documents = [
        path for path in (ROOT / "docs").rglob("*.md") if DECISIONS not in path.parents or path.stem == "README"
    ]
    modules = [path for path in SOURCE.rglob("*.py") if "tests" not in path.parts]
    return [*sorted(ROOT.glob("*.md")), *sorted(documents), *sorted(modules)]


def is_there(name: str, reader: Path) -> bool:
    return any((folder / name).exists() for folder in (ROOT, ROOT / "docs", reader.parent))


def test_every_document_that_is_named_is_in_the_repository():
    missing = [
        f"{reader.relative_to(ROOT)}: {name}"
        for reader in readers()
        for name in re.findall(r"[\w./-]*\w\.md\b", reader.read_text(encoding="utf-8"))
        if not is_there(name, reader)
    ]
    assert missing == []


def test_nothing_but_the_page_on_real_data_names_the_folder_beside_the_repository():
    naming = [
        str(reader.relative_to(ROOT))
        for reader in readers()
        if reader != ABOUT_THE_SHARED_FOLDER and re.search(r"(\.\./|\b)shared/", reader.read_text(encoding="utf-8"))
    ]
    assert naming == []


def test_the_list_of_decisions_has_a_line_for_each():
    titles = {}
    for path in sorted(DECISIONS.glob("[0-9]*.md")):
        heading = re.match(r"# 0*\d+[. ]+(.*)", path.read_text(encoding="utf-8"))
        titles[path.name] = heading[1] if heading else ""
    listed = re.findall(
        r"^\* \[\d{4}\]\(([\w.-]+)\): (.*)$", (DECISIONS / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert dict(listed) == titles
    assert [name for name, _ in listed] == sorted(titles)


def rooms() -> list[Path]:
    """The rooms that others build on: every package but those that put the parts together."""
    folders = [path.parent for path in SOURCE.glob("*/__init__.py")]
    return [folder for folder in sorted(folders) if folder.name not in ("cli", "config", "demo")]


def uses() -> Iterator[tuple[str, str, str]]:
    """(importing room, imported room, module of it) for every import across rooms, tests left out.

    cli, config and demo put rooms together, and may use anything.
    """
    for room in rooms():
        for path in room.rglob("*.py"):
            if {"tests", "migrations"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("fullfunnel."):
                    continue
                _, other, *inner = (node.module or "").split(".")
                if other == room.name:
                    continue
                for name in [inner[0]] if inner else [alias.name for alias in node.names]:
                    yield room.name, other, name


def offered(room: Path) -> set[str]:
    """The modules in the room's line "Others may use: models (read), keys.digest, audit.": what stands before a point or a remark."""
    text = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8"))) or ""
    found = re.search(r"Others may use: (.*?)\.\s*$", text, re.DOTALL)
    items = re.sub(r"\([^)]*\)", "", found[1]).split(",") if found else []
    return {item.split()[0].split(".")[0] for item in items if item.split()}


@pytest.mark.parametrize("room", [room.name for room in rooms()])
def test_others_use_of_a_room_what_it_says_they_may(room):
    used = {module for _, other, module in uses() if other == room}
    assert sorted(used - offered(SOURCE / room)) == [], "used, but not offered"


@pytest.mark.parametrize("room", [room.name for room in rooms()])
def test_a_room_offers_what_there_is(room):
    there = {path.stem for path in (SOURCE / room).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert sorted(offered(SOURCE / room) - there) == [], "offered, but not there"
