"""Set Django up on the data directory and bring its tables up to date: all pending migrations, or none (docs/adr/0107)."""

import logging
import os
import sys
from pathlib import Path

from fullfunnel.core.directory import data_directory, mark_format, open_directory
from fullfunnel.core.lease import Lease

logger = logging.getLogger(__name__)
WAYS_BACK = "start the newer program, or restore a backup from before the upgrade"


def prepare_or_say() -> int:
    """Do `prepare`; return the exit status, 1 where it must not be done."""
    if reason := prepare():
        print(f"fullfunnel: {reason}", file=sys.stderr)
        return 1
    return 0


def prepare() -> str | None:
    """Set Django up on the data directory and bring its tables up to date; return the reason where that must not be done."""
    data = data_directory()
    if reason := open_directory(data):
        return reason
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
    import django

    django.setup()
    # One at a time: two commands may be the first to open a new directory.
    with Lease(data / "migrate.lock"):
        if reason := upgrade_tables(data):
            return reason
        # Careful: after the tables, so that a failed upgrade leaves the older program its directory.
        mark_format(data)
    return None


def upgrade_tables(data: Path) -> str | None:
    """Run the pending migrations in one transaction; return why the tables must not be used, or could not be changed."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    known = set(executor.loader.disk_migrations)
    known.update(old for migration in executor.loader.disk_migrations.values() for old in migration.replaces)
    if unknown := sorted(set(executor.loader.applied_migrations) - known):
        shown = ", ".join(f"{room}.{name}" for room, name in unknown[:3])
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        return f"{data} holds tables of a newer fullfunnel ({shown}{more}): {WAYS_BACK}"
    # Careful: migrate takes the write lock even when there is nothing to do; a command must not wait for a busy server.
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return None
    if Lease(data / "serve.lock").is_held():
        return f"the tables in {data} are of an older fullfunnel, whose server still runs: stop it, then do this again"
    return _migrate(data)


def _migrate(data: Path) -> str | None:
    from django.core.management import call_command
    from django.core.management.commands.migrate import Command
    from django.db import OperationalError, connection, transaction
    from django.db.migrations import Migration

    from fullfunnel.core.resource_errors import resource_error

    class Migrate(Command):
        current = "the preparation"

        def migration_progress_callback(
            self, action: str, migration: Migration | None = None, fake: bool = False
        ) -> None:
            if action == "apply_start":
                self.current = str(migration)

    command = Migrate()
    # Careful: SQLite ignores this within a transaction, and would then delete the rows that refer to a table which is remade.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic(durable=True):
            call_command(command, verbosity=0, interactive=False)
            connection.check_constraints()
    except Exception as error:
        what = resource_error(error)
        if isinstance(error, OperationalError) and "locked" in str(error):
            what = "another program (an import, perhaps) writes to main.db: end it, then do this again"
        elif not what:
            logger.exception("an upgrade failed")
            what = f"{command.current} failed with {type(error).__name__}, which is a fault of this program: report it"
        return f"{data} was not upgraded and is as it was, so the program that you had before still runs on it: {what}"
    finally:
        connection.enable_constraint_checking()
    return None
