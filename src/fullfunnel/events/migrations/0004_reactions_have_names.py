"""Cursors are kept under the name of a reaction, no longer under the path of its function."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import fullfunnel.core.clock

NAMES = {
    "fullfunnel.workspaces.on_event.on_events": "arrivals",
    "fullfunnel.events.catalogue.on_events": "catalogue",
    "fullfunnel.people.on_event.on_events": "last-seen",
}
SEQ_SPAN = 2**20


def name_them(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    cursors, batches = apps.get_model("events", "Cursor"), apps.get_model("events", "Batch")
    told = dict(cursors.objects.filter(reaction__in=NAMES).values_list("reaction", "batch"))
    cursors.objects.filter(reaction__in=NAMES).delete()
    # One that failed from the first batch on has no cursor: it is behind, not new.
    if told or batches.objects.exists():
        for path, name in NAMES.items():
            batch = told.get(path, 0)
            cursors.objects.create(reaction=name, batch=batch, seq=(batch + 1) * SEQ_SPAN - 1)


class Migration(migrations.Migration):
    dependencies = [("events", "0003_outbox_sender")]

    operations = [
        migrations.AddField("cursor", "seq", models.BigIntegerField(default=0, help_text="no event up to this number is told again")),
        migrations.AddField(
            "cursor",
            "fills_to",
            models.BigIntegerField(null=True, help_text="reads the past up to this number; null: it has read it"),
        ),
        migrations.AddField("cursor", "moved_at", models.DateTimeField(default=fullfunnel.core.clock.now)),
        migrations.AlterField(
            "cursor", "reaction", models.CharField(max_length=100, primary_key=True, help_text="its name in wiring.ON_EVENT", serialize=False)
        ),
        migrations.AlterField("cursor", "batch", models.BigIntegerField(default=0, help_text="handled, and every stored batch before it")),
        migrations.RunPython(name_them, migrations.RunPython.noop),
    ]
