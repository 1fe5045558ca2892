import os
import sqlite3

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def end(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    how = os.environ.get("FULLFUNNEL_TEST_MIGRATION", "")
    apps.get_model("workspaces", "User").objects.update(name="changed")
    if how == "raises":
        raise ValueError("@".join(("ada", "example.com")))
    if how == "full":
        raise sqlite3.OperationalError("database or disk is full")
    if how == "orphan":
        editor.connection.cursor().execute("INSERT INTO nextroom_line (workspace_id) VALUES (9999)")


class Migration(migrations.Migration):
    # Last of all: whatever is pending has been done before it.
    dependencies = [
        ("events", "0004_reactions_have_names"),
        ("people", "0007_vouched_traits"),
        ("workspaces", "0004_what_counts"),
        ("analytics", "0003_private_questions"),
        ("notes", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            "Line",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("workspace", models.ForeignKey("workspaces.workspace", on_delete=models.CASCADE)),
            ],
        ),
        migrations.RunPython(end, migrations.RunPython.noop),
    ]
