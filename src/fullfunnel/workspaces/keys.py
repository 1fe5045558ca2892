"""Write keys, API keys and tokens of invitations: random, shown once, kept as SHA-256 (190 bits need no slow hash)."""

import hashlib
import secrets
from contextlib import suppress
from datetime import timedelta

from django.db import OperationalError

from fullfunnel.core import clock
from fullfunnel.workspaces.models import ApiKey, Invitation, Source, User, Workspace, WriteKey

PREFIX_LENGTH = 9


def digest(key: str) -> str:
    """What is kept of a key, and what it is looked up by."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def make_write_key(source: Source, *, by: User | None) -> str:
    """A new write key of `source`; the text returned is the only copy."""
    key = "ffw_" + secrets.token_urlsafe(24)
    WriteKey.objects.create(
        workspace_id=source.workspace_id, source=source, prefix=key[:PREFIX_LENGTH], digest=digest(key), created_by=by
    )
    return key


def make_api_key(workspace: Workspace, *, name: str, scopes: list[str], by: User | None) -> str:
    """A new API key of `workspace`; the text returned is the only copy."""
    key = "ffa_" + secrets.token_urlsafe(24)
    ApiKey.objects.create(
        workspace=workspace, name=name, scopes=scopes, prefix=key[:PREFIX_LENGTH], digest=digest(key), created_by=by
    )
    return key


def key_of(authorization: str, scope: str) -> ApiKey | tuple[int, str]:
    """Return the API key of a `Bearer …` header, if it holds `scope`; else the status and sentence of the refusal."""
    kind, _, key = authorization.partition(" ")
    if kind.lower() != "bearer" or not key.strip():
        return 401, "send the API key as the header 'Authorization: Bearer ffa_…' (settings, keys)"
    found = ApiKey.objects.select_related("workspace").filter(digest=digest(key.strip()), revoked_at=None).first()
    if found is None:
        return 401, "this API key is unknown or was revoked"
    if scope not in found.scopes:
        return 403, f"this API key does not have the scope '{scope}'"
    if found.last_used_at is None or clock.now() - found.last_used_at > timedelta(minutes=1):
        # On a full disk questions are still answered; only this note is missing.
        with suppress(OperationalError):
            ApiKey.objects.filter(pk=found.pk).update(last_used_at=clock.now())
    return found


def invitation_of(token: str) -> Invitation | None:
    """Return the invitation that the token of a link still opens."""
    live = Invitation.objects.select_related("workspace").filter(ended_at=None, expires_at__gt=clock.now())
    return live.filter(digest=digest(token)).first()
