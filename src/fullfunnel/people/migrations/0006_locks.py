from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_merge_moved")]

    operations = [
        migrations.AddField(
            "peopleversion",
            "locks",
            models.BigIntegerField(default=0, db_default=0, help_text="transactions that were about to change people"),
        ),
    ]
