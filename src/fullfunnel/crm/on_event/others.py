"""Leads and deals that another program keeps: its events make and change the rows that people look at."""

from collections.abc import Sequence

from fullfunnel.crm.mirror.deals import mirror_deals
from fullfunnel.crm.mirror.leads import WHAT, mirror_leads
from fullfunnel.crm.mirror.portion import portions_of
from fullfunnel.crm.mirror.tellings import KINDS
from fullfunnel.events.event import Event
from fullfunnel.events.names import DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED

NAMES = frozenset({*WHAT, *KINDS, DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED})


def on_events(events: Sequence[Event], *, live: bool) -> None:
    """Mirror events of servers and files, old and new alike; repeated, it changes nothing. Of our own it makes nothing."""
    for portion in portions_of(events):
        mirror_leads(portion)
        mirror_deals(portion)
