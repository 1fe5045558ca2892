"""What may be done with sources and keys. A key's text is returned once, beside its row, and never kept."""

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.keys import digest, make_api_key, make_write_key
from fullfunnel.workspaces.models import ApiKey, Source, User, Workspace, WriteKey
from fullfunnel.workspaces.roles import By


@transaction.atomic
def create_source(workspace: Workspace, *, name: str, kind: str, by: User | None) -> tuple[Source, str] | Refused:
    """Create a source and its first write key ("" for a file source, which needs none)."""
    name = name.strip()
    if not name:
        return Refused("A source needs a name, like the site's address.", "name")
    if kind not in Source.Kind.values:
        return Refused(f"'{kind}' is not one of {', '.join(Source.Kind.values)}.", "kind")
    source = Source.objects.create(workspace=workspace, name=name[:200], kind=kind)
    record_audit(workspace, "create_source", by=by, source=source.pk, name=source.name, kind=kind)
    return source, "" if kind == Source.Kind.FILE else make_write_key(source, by=by)


@transaction.atomic
def provide_source(workspace: Workspace, *, name: str, by: By) -> Source:
    """Find or make the source of kind web through which a room's own pages tell what strangers did there. It has no key."""
    source, is_new = Source.objects.get_or_create(workspace=workspace, name=name, kind=Source.Kind.WEB, is_own=True)
    if is_new:
        record_audit(workspace, "provide_source", by=by, source=source.pk, name=name)
    return source


@transaction.atomic
def rotate_write_key(source: Source, *, by: User | None) -> tuple[WriteKey, str]:
    """Make one more write key. The older ones work until they are revoked, so that a client can be changed in between."""
    key = make_write_key(source, by=by)
    row = WriteKey.objects.get(digest=digest(key))
    record_audit(source.workspace, "rotate_write_key", by=by, source=source.pk, prefix=row.prefix)
    return row, key


@transaction.atomic
def revoke_write_key(key: WriteKey, *, by: User | None) -> WriteKey:
    """End the key at once; what it brought stays."""
    if WriteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        record_audit(key.workspace, "revoke_write_key", by=by, source=key.source_id, prefix=key.prefix)
    return key


@transaction.atomic
def create_api_key(
    workspace: Workspace, *, name: str, scopes: list[str], by: User | None
) -> tuple[ApiKey, str] | Refused:
    """Make an API key."""
    name = name.strip()
    if not name:
        return Refused("A key needs a name that says what uses it.", "name")
    if not scopes or not set(scopes) <= set(ApiKey.Scope.values):
        return Refused("Choose what the key may do.", "scopes")
    key = make_api_key(workspace, name=name[:200], scopes=sorted(set(scopes)), by=by)
    row = ApiKey.objects.get(digest=digest(key))
    record_audit(workspace, "create_api_key", by=by, name=row.name, scopes=row.scopes, prefix=row.prefix)
    return row, key


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: User | None) -> ApiKey:
    """End the key at once."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        record_audit(key.workspace, "revoke_api_key", by=by, name=key.name, prefix=key.prefix)
    return key
