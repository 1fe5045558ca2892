"""Who suits and does enough is handed over: what somebody did just now may be what was missing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm.actions import hand_over
from fullfunnel.crm.reasons import ENGAGEMENT, FIT, Reason
from fullfunnel.events.conditions import Has
from fullfunnel.events.event import PERSON, Event
from fullfunnel.events.names import STAGE_ENTERED
from fullfunnel.journeys.questions.periods import zone_of
from fullfunnel.journeys.stages.question import HANDED_OVER
from fullfunnel.journeys.stages.score import DAY, Limits, Score, cause_of, fit
from fullfunnel.people.models import Identity, Person
from fullfunnel.people.record import record
from fullfunnel.people.timeline import journeys_of
from fullfunnel.segments.selling import own_addresses
from fullfunnel.stages.score_rules import Rule, score_rule_of
from fullfunnel.stages.scores import traits_of
from fullfunnel.stages.standing import standing_of
from fullfunnel.workspaces.models import Workspace

# What is older is worth less than a fiftieth.
LOOK_BACK = 84 * DAY


def on_events(events: Sequence[Event], *, live: bool) -> None:
    """Hand over who meets the rule of their workspace by one of these; that event is the cause, so told again it changes nothing."""
    by_workspace: dict[int, list[Event]] = defaultdict(list)
    for event in events if live else ():
        if event.actor == PERSON:
            by_workspace[event.workspace_id].append(event)
    for workspace in Workspace.objects.filter(pk__in=by_workspace):
        rule = score_rule_of(workspace)
        if rule and rule.is_on:
            _look(workspace, rule, by_workspace[workspace.pk])


def _look(workspace: Workspace, rule: Rule, events: Iterable[Event]) -> None:
    """Look at whoever did something: at few of them, for most are unknown, unfit, or with sales already."""
    weights, zone = rule.weights, zone_of(workspace.timezone)
    names = {name for weight in weights.engagement if isinstance(weight.rule, Has) for name in weight.rule.events}
    events = [event for event in events if event.name in names]
    if not events:
        return
    told = {event.event_id: event.occurred_at for event in events}
    fits = {
        person: found
        for person in _strangers(workspace, {event.identity_id for event in events})
        if (found := fit(traits_of(person), weights.fit, zone)).value >= rule.fit
    }
    standing = standing_of(workspace, [person.pk for person in fits])
    free = {person: found for person, found in fits.items() if standing[person.pk].is_free}
    if not free:
        return
    since = min(told.values()) - LOOK_BACK
    journeys = journeys_of(workspace.pk, [person.pk for person in free], since=since)
    for person, suits in free.items():
        limits = Limits(
            rule.fit,
            rule.engagement,
            clock.to_us(max(rule.since, standing[person.pk].ended_at or rule.since)),
            rule.half_life,
        )
        journey = journeys[person.pk]
        new = {place for place, one in enumerate(journey) if one.event_id in told}
        done = [one.done for one in journey]
        cause = cause_of(done, new, suits.value, weights.engagement, limits, zone)
        if cause is not None:
            _hand_over(rule, person, suits, cause[1], journey[cause[0]].event_id)


def _strangers(workspace: Workspace, identities: set[int]) -> list[Person]:
    """Return whom these identities are now: those with an address, but our own people and competitors."""
    rows = Identity.objects.filter(workspace=workspace, pk__in=identities).values("person")
    people = Person.objects.filter(workspace=workspace, pk__in=rows, merged_into=None, is_contact_unknown=False)
    people = people.exclude(email="").exclude(company__is_competitor=True).select_related("company")
    own = own_addresses(workspace)
    return [
        person
        for person in people.order_by("pk")
        if not any(person.email.endswith(one) if one.startswith("@") else person.email == one for one in own)
    ]


def _hand_over(rule: Rule, person: Person, suits: Score, does: Score, cause: str) -> None:
    both = f"By score: fit {suits.value} and engagement {does.value}, of at least {rule.fit} and {rule.engagement}"
    why = [Reason(both)]
    for score, of in ((suits, FIT), (does, ENGAGEMENT)):
        why += [Reason(text, points, of) for text, points in score.reasons]
    made = hand_over(person, cause_event=cause, why=why, via="score", by=None)
    if not isinstance(made, Refused) and made.cause_event == cause:
        said = {"stage": HANDED_OVER, "by": "score", "rules": rule.number, "cause": cause, "lead_id": made.public_id}
        record(made.person, STAGE_ENTERED, by=None, company=made.company, properties=said)
