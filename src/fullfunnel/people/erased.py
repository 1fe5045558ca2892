"""Which identifiers belong to people who were erased."""

from collections.abc import Collection

from fullfunnel.people import sql
from fullfunnel.people.identifiers import Key, digest
from fullfunnel.people.models import Tombstone


def erased_among(workspace_id: int, keys: Collection[Key]) -> set[Key]:
    """Of these, the identifiers that stand on a tombstone. One that is somebody's today never does: give only unknown ones."""
    if not keys or not Tombstone.objects.filter(workspace_id=workspace_id).exists():
        return set()
    digests = {digest(workspace_id, key): key for key in keys}
    rows = sql.select(
        f"SELECT t.digest FROM {sql.table(digest='text')} AS t CROSS JOIN people_tombstone AS d "
        "WHERE d.workspace_id = %s AND d.digest = t.digest",
        [sql.packed([[text] for text in digests]), workspace_id],
    )
    return {digests[text] for (text,) in rows}
