"""What may be done with sources and keys. A key is returned once, as text, and never kept."""

from django.db import transaction

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.keys import make_api_key, make_write_key
from fullfunnel.workspaces.models import ApiKey, Source, User, Workspace, WriteKey


@transaction.atomic
def create_source(workspace: Workspace, *, name: str, kind: str, by: User | None) -> tuple[Source, str] | Refused:
    """A source and its first write key ("" for a file source, which needs none)."""
    name = name.strip()
    if not name:
        return Refused("A source needs a name, like the site's address.", "name")
    if kind not in Source.Kind.values:
        return Refused(f"'{kind}' is not one of {', '.join(Source.Kind.values)}.", "kind")
    source = Source.objects.create(workspace=workspace, name=name[:200], kind=kind)
    record_audit(workspace, "create_source", by=by, source=source.pk, name=source.name, kind=kind)
    return source, "" if kind == Source.Kind.FILE else make_write_key(source, by=by)


@transaction.atomic
def rotate_write_key(source: Source, *, by: User | None) -> str:
    """One more write key. The older ones go on working until they are revoked, so that a client can be changed in between."""
    key = make_write_key(source, by=by)
    record_audit(source.workspace, "rotate_write_key", by=by, source=source.pk, prefix=key[:9])
    return key


@transaction.atomic
def revoke_write_key(key: WriteKey, *, by: User) -> None:
    """The key stops working at once; what it brought stays."""
    if WriteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        record_audit(key.workspace, "revoke_write_key", by=by, source=key.source_id, prefix=key.prefix)


@transaction.atomic
def create_api_key(workspace: Workspace, *, name: str, scopes: list[str], by: User | None) -> str | Refused:
    """A new API key, as text."""
    name = name.strip()
    if not name:
        return Refused("A key needs a name that says what uses it.", "name")
    if not scopes or not set(scopes) <= set(ApiKey.Scope.values):
        return Refused("Choose what the key may do.", "scopes")
    key = make_api_key(workspace, name=name[:200], scopes=sorted(set(scopes)), by=by)
    record_audit(workspace, "create_api_key", by=by, name=name[:200], scopes=sorted(set(scopes)), prefix=key[:9])
    return key


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: User) -> None:
    """The key stops working at once."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        record_audit(key.workspace, "revoke_api_key", by=by, name=key.name, prefix=key.prefix)
