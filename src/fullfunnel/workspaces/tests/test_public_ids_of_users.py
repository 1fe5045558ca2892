"""Users have a random public id, also those of a data directory from before."""

from importlib import import_module

import pytest
from django.apps import apps

from fullfunnel.workspaces.models import User


def test_each_user_has_a_random_public_id(alice, bob):
    ids = [alice.user.public_id, bob.user.public_id]
    assert [len(public_id) for public_id in ids] == [16, 16]
    assert ids[0] != ids[1]


@pytest.mark.django_db
def test_the_migration_gives_older_users_an_id_and_leaves_the_others_theirs(alice, bob):
    User.objects.filter(pk=alice.user.pk).update(public_id="")
    import_module("fullfunnel.workspaces.migrations.0002_user_public_id").name_users(apps, None)
    alice.user.refresh_from_db()
    assert len(alice.user.public_id) == 16
    assert User.objects.get(pk=bob.user.pk).public_id == bob.user.public_id
