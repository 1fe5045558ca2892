from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspaces", "0013_own_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="theme",
            field=models.CharField(
                blank=True, default="", help_text="light, dark or system; empty: as this browser was set", max_length=6
            ),
        ),
    ]
