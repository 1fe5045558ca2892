"""A form that hands over: whoever sent it is handed to sales."""

from collections.abc import Sequence

from fullfunnel.crm.actions import hand_over
from fullfunnel.crm.mirror.portion import people_of
from fullfunnel.crm.reasons import ENGAGEMENT, Reason
from fullfunnel.events.event import Event

NAMES = frozenset({"form_submitted"})
# Set by the room forms alone, in its own outbox (docs/adr/0110).
HANDS_OVER, FORM = "hands_over", "form"


def on_events(events: Sequence[Event], *, live: bool) -> None:
    """Hand over who submitted just now; the event is the cause, so that told again it changes nothing."""
    asking = [event for event in events if event.properties.get(HANDS_OVER) == "1"] if live else []
    for event in asking:
        person = people_of(event.workspace_id, {event.identity_id}).get(event.identity_id)
        if person is not None and not person.is_contact_unknown:
            form = event.properties.get(FORM, "")
            why = [Reason(f"Sent the form {form}".strip(), 40, ENGAGEMENT)]
            hand_over(person, cause_event=event.event_id, why=why, form=form, by=None)
