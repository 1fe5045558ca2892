"""Capture's step of wiring.INTAKE: enriches a batch, by the settings of its workspaces."""

from fullfunnel.capture import enrich
from fullfunnel.events.event import Draft
from fullfunnel.workspaces.models import Workspace


def enrich_batch(drafts: list[Draft]) -> list[Draft]:
    """Fill in what can be known of each draft before anybody knows who it was; bots come back with `dropped` set."""
    named = Workspace.objects.filter(pk__in={draft.workspace_id for draft in drafts}).exclude(uncredited_hosts=[])
    return enrich.enrich(drafts, {pk: tuple(hosts) for pk, hosts in named.values_list("pk", "uncredited_hosts")})
