"""R18, quick: after an erasure no byte of the person is left in the data directory. In a process of its own: commits are real there."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
STORY = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from fullfunnel.people import actions
from fullfunnel.workspaces.models import Source, Workspace
from tests.kit.cast import Visitor
workspace = Workspace.objects.create(name="x", slug="x")
source = Source.objects.create(workspace=workspace, name="Website", kind="web")
ada, ben = Visitor("canary7341", source), Visitor("ben", source)
for page in range(3):
    ada.visits(f"/p{page}")
    ben.visits(f"/p{page}")
ada.identifies("canary7341-user", email="canary7341@example.com", name="Canary7341 Person")
ada.identifies("canary7341-user", name="Canary7341 Renamed")
actions.change_trait(ada.person, trait="note", value="likes canary7341", by=None)
"""


ERASE = """
import django
django.setup()
from fullfunnel.people.actions import forget_person
from fullfunnel.people.models import Identity
forget_person(Identity.objects.get(value='canary7341-user').person, by=None)
"""


def holding(folder: Path) -> list[str]:
    found = subprocess.run(["grep", "-rlai", "canary7341", folder], capture_output=True, text=True, check=False)
    return sorted(Path(line).name for line in found.stdout.split())


def run(code: str, data: Path, status: int = 0) -> None:
    env = os.environ | {
        "FULLFUNNEL_DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "fullfunnel.config.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
    }
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False, timeout=600).returncode == status


def test_no_byte_of_an_erased_person_is_left_on_disk(tmp_path):
    run(STORY, tmp_path)
    assert {"main.db", "journal.db"} <= set(holding(tmp_path))
    run(ERASE, tmp_path)
    assert holding(tmp_path) == []


def test_an_erasure_that_was_killed_before_the_journal_is_finished_there_too(tmp_path):
    run(STORY, tmp_path)
    killed = (
        "import os; from fullfunnel.people.actions import erasing; erasing.erase_waiting = lambda *_: os._exit(9)\n"
    )
    run(ERASE.replace("from fullfunnel.people.actions", killed + "from fullfunnel.people.actions", 1), tmp_path, 9)
    assert "journal.db" in holding(tmp_path)
    run("import django; django.setup(); from fullfunnel.people.on_tick import finish_erasures as f; f()", tmp_path)
    assert holding(tmp_path) == []
