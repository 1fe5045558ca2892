"""axe-core, fetched from npm once: a tool of the tests, no part of the product."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

VERSION = "4.14.1"
KEPT = Path(tempfile.gettempdir()) / f"fullfunnel-axe-{VERSION}"
SCRIPT = KEPT / "node_modules" / "axe-core" / "axe.min.js"


def script() -> str:
    """The text of axe-core, or "" where npm cannot bring it."""
    npm = shutil.which("npm")
    if not SCRIPT.exists() and npm:
        KEPT.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--silent", "--ignore-scripts", "--no-save", f"axe-core@{VERSION}"]
        subprocess.run(command, cwd=KEPT, check=False, timeout=600)
    return SCRIPT.read_text() if SCRIPT.exists() else ""


def violations(page: Any, text: str) -> list[str]:
    """rule: element, for each violation. evaluate() is not subject to the page's CSP, which stays as it is."""
    page.evaluate(text)
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        ".then(told => told.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | ')))"
    )
    return [str(each) for each in found]
