"""A data directory for this process alone, chosen before Django's settings are read."""

import os
import tempfile
from pathlib import Path
from typing import Any


def own_directory() -> Path:
    """Make a data directory, name it in the environment, and read the settings. Whoever calls it removes the directory."""
    directory = Path(tempfile.mkdtemp(prefix="fullfunnel-test-"))
    os.environ["FULLFUNNEL_DATA_DIR"] = str(directory)
    os.environ["FULLFUNNEL_SECRET_KEY"] = "for tests only, nothing is kept under it"
    os.environ["DJANGO_SETTINGS_MODULE"] = "fullfunnel.config.settings"
    # Dozens of short-lived servers must not each compile the folds.
    os.environ["FULLFUNNEL_WARM"] = "0"
    for name in ("FULLFUNNEL_URL", "FULLFUNNEL_DEBUG", "FULLFUNNEL_EVENT_STORE", "FULLFUNNEL_BACKUPS"):
        os.environ.pop(name, None)

    from django.conf import settings

    assert directory == settings.DATA_DIR
    # Careful: a process of xdist inherits this environment, and pytest-django would read the settings before conftest.py.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    # A file, as in life: SQLite in memory locks differently. Fsync is what the journal's own tests are about, not these.
    database: dict[str, Any] = settings.DATABASES["default"]
    database["TEST"] = {"NAME": directory / "main.db"}
    database["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    return directory
