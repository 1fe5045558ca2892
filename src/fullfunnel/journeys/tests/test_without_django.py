"""The engine answers questions of files without Django: every module of it can be imported where Django cannot."""

import subprocess
import sys
from pathlib import Path

import fullfunnel.journeys

HERE = Path(fullfunnel.journeys.__file__).parent
BLOCKED = """
import importlib, sys
sys.modules["django"] = None
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def modules() -> list[str]:
    paths = [path for path in sorted(HERE.rglob("*.py")) if "tests" not in path.parts]
    parts = [path.relative_to(HERE.parent).with_suffix("").parts for path in paths]
    return [".".join(("fullfunnel", *names)).removesuffix(".__init__") for names in parts]


def test_every_module_is_imported_with_django_blocked():
    names = modules()
    assert len(names) > 90
    done = subprocess.run([sys.executable, "-c", BLOCKED, *names], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
