"""A database with all tables and no rows, made once a checkout and copied: to make one takes seconds of a processor."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".pytest_cache" / "tables"
MADE_BY = "import sys; from fullfunnel.cli.preparing import prepare_or_say; sys.exit(prepare_or_say())"


def put_tables(directory: Path) -> None:
    """Give a data directory that has no database one with all tables, as the first command on it would make it."""
    if (directory / "main.db").exists():
        return
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = made_directory()
    shutil.copyfile(made / "format", directory / "format")
    shutil.copyfile(made / "main.db", directory / "main.db")


def made_directory() -> Path:
    """Return a data directory that was made by the migrations and libraries of this checkout, and that nobody uses."""
    kept = KEPT / _version()
    if not kept.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=KEPT))
        environment = os.environ | {"FULLFUNNEL_DATA_DIR": str(made)}
        environment.pop("FULLFUNNEL_SECRET_KEY", None)
        subprocess.run([sys.executable, "-c", MADE_BY], env=environment, check=True, timeout=300)
        assert not (made / "main.db-wal").exists()
        try:
            made.rename(kept)
        except OSError:
            # The other process of this run was quicker.
            shutil.rmtree(made)
    return kept


def _version() -> str:
    """Return a hash of all that the tables depend on."""
    found = hashlib.sha256((ROOT / "locks" / "run.lock").read_bytes())
    for file in sorted((ROOT / "src").rglob("migrations/*.py")):
        found.update(f"{file.relative_to(ROOT)}".encode())
        found.update(file.read_bytes())
    return found.hexdigest()[:16]
