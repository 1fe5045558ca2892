"""What somebody did for us that they told one of us: stages read these events for Advocacy."""

from enum import StrEnum

from django.db import transaction

from fullfunnel.core.refused import Refused
from fullfunnel.events.names import REFERENCE_AGREED, REFERRAL_CONVERTED, REVIEW_SUBMITTED
from fullfunnel.people.living import living_or_refused
from fullfunnel.people.models import Person
from fullfunnel.people.record import record
from fullfunnel.workspaces.roles import By, reason_not_to_act
from fullfunnel.workspaces.scope import EDITORS

WORST, BEST = 1, 5


class Advocacy(StrEnum):
    REFERRED = "referred"
    REVIEW = "review"
    REFERENCE = "reference"


@transaction.atomic
def note_advocacy(
    person: Person, *, what: Advocacy, by: By, rating: int | None = None, referred: Person | None = None
) -> Person | Refused:
    """Note that somebody referred another to us (`referred`), gave a review (`rating` of 5), or agreed to be a reference."""
    if refused := reason_not_to_act(by, person.workspace_id, EDITORS):
        return refused
    now = living_or_refused(person)
    if isinstance(now, Refused):
        return now
    if now.is_contact_unknown:
        return Refused("This stands for a company of which nobody is known.")
    if what == Advocacy.REFERENCE:
        record(now, REFERENCE_AGREED, by=by)
    elif what == Advocacy.REVIEW:
        if rating is None or not WORST <= rating <= BEST:
            return Refused(f"Say how good the review is, from {WORST} to {BEST} stars.", "rating")
        record(now, REVIEW_SUBMITTED, by=by, properties={"rating": rating})
    else:
        who = living_or_refused(referred) if referred is not None else Refused("Say whom they referred.", "referred")
        if isinstance(who, Refused):
            return who
        if who.pk == now.pk or who.workspace_id != now.workspace_id:
            return Refused("Nobody refers themselves; choose who told them of us.", "referred")
        record(now, REFERRAL_CONVERTED, by=by, properties={"referred": who.public_id})
    return now
