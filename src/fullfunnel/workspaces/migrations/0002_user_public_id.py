from django.db import migrations, models

import fullfunnel.core.public_ids


def name_users(apps, schema_editor):
    for user in apps.get_model('workspaces', 'User').objects.filter(public_id=''):
        user.public_id = fullfunnel.core.public_ids.new_public_id()
        user.save(update_fields=['public_id'])


class Migration(migrations.Migration):

    dependencies = [
        ('workspaces', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='public_id',
            field=models.CharField(default='', max_length=32),
        ),
        migrations.RunPython(name_users, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='user',
            name='public_id',
            field=models.CharField(default=fullfunnel.core.public_ids.new_public_id, help_text='random; how events name a user', max_length=32, unique=True),
        ),
    ]
