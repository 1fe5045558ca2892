"""May this message go to this person now: send, hold until, or refuse with the one reason. Pure.

Judged inside the claim that hands a message over, never when it is queued. Reasons come in the order of JUDGES; the first counts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EMAIL, PUSH, IN_APP = "email", "push", "in_app"
MARKETING, TRANSACTIONAL, ONE_TO_ONE = "marketing", "transactional", "one_to_one"
SEND, HOLD, REFUSE = "send", "hold", "refuse"
ALL = "*"
# While somebody complains, these wait; the newsletter they asked for goes on.
QUIET_TOPICS = ("upsell", "review", "referral", "nurture")
SPAMMED = "complained"


@dataclass(frozen=True)
class Message:
    """channel: email, push, in_app; purpose: marketing, transactional, one_to_one; topic: of marketing, its key."""

    channel: str
    purpose: str
    topic: str = ""


@dataclass(frozen=True)
class Word:
    """What somebody said of a topic, or of ALL."""

    topic: str
    given: bool
    at: datetime


@dataclass(frozen=True)
class Facts:
    """What is known of the person at this moment. suppressed: why the address is; sent: when marketing went to them, on this channel.

    touched: when a seller was last in touch, or will be; paused_until: they asked for silence; zone: None where it is not known.
    """

    address: str | None = None
    has_subscription: bool = True
    suppressed: str = ""
    words: Sequence[Word] = ()
    sent: Sequence[datetime] = ()
    is_held_out: bool = False
    has_complaint: bool = False
    touched: datetime | None = None
    paused_until: datetime | None = None
    zone: ZoneInfo | None = None


@dataclass(frozen=True)
class Rules:
    """caps: at most so many within a time; quiet: from, until, on the person's clock; sending_is_off: why nothing may leave here."""

    caps: Sequence[tuple[int, timedelta]] = ((3, timedelta(days=7)),)
    quiet: tuple[time, time] | None = (time(22), time(8))
    seller_days: int = 7
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    sending_is_off: str = ""


@dataclass(frozen=True)
class Verdict:
    """do: SEND, HOLD or REFUSE; until: of a hold, None where nobody can say."""

    do: str
    reason: str = ""
    until: datetime | None = None


Judge = Callable[[Message, Facts, Rules, datetime], Verdict | None]


def verdict(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict:
    """Return what becomes of the message. `now` and all moments are aware."""
    for judge in JUDGES:
        if (found := judge(message, facts, rules, now)) is not None:
            return found
    return Verdict(SEND)


def _address(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    if message.channel == EMAIL and not facts.address:
        return Verdict(REFUSE, "no address")
    if message.channel == PUSH and not facts.has_subscription:
        return Verdict(REFUSE, "no subscription")
    return None


def _suppressed(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    """A bounced address gets nothing at all; whoever complained, or said no by an address that was erased, no marketing."""
    if not facts.suppressed:
        return None
    is_marketing = message.purpose == MARKETING
    binds = facts.suppressed == "bounced" or is_marketing or (facts.suppressed == SPAMMED and _is_one_to_one(message))
    return Verdict(REFUSE, f"suppressed: {facts.suppressed}") if binds else None


def _is_one_to_one(message: Message) -> bool:
    return message.purpose == ONE_TO_ONE


def _consent(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    if message.purpose != MARKETING or agreed(message.topic, facts.words):
        return None
    return Verdict(REFUSE, "no consent")


def agreed(topic: str, words: Sequence[Word]) -> bool:
    """Return whether the newest word on the topic or on ALL is a yes to the topic; a no of the same moment counts."""
    said = sorted((one for one in words if one.topic in (topic, ALL)), key=lambda one: (one.at, not one.given))
    return bool(said) and said[-1].given and said[-1].topic == topic


def _holdout(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    return Verdict(REFUSE, "holdout") if message.purpose == MARKETING and facts.is_held_out else None


def _cap(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    """Caps are rolling: what was sent exactly the window ago is out of it."""
    if message.purpose != MARKETING:
        return None
    full = any(sum(now - window < at <= now for at in facts.sent) >= most for most, window in rules.caps)
    return Verdict(REFUSE, "cap") if full else None


def _off(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    return Verdict(HOLD, rules.sending_is_off) if rules.sending_is_off else None


def _complaint(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    waits = message.purpose == MARKETING and facts.has_complaint and message.topic in QUIET_TOPICS
    return Verdict(HOLD, "open complaint") if waits else None


def _times(message: Message, facts: Facts, rules: Rules, now: datetime) -> Verdict | None:
    """A pause, a seller in touch, quiet hours: one hold, named after the first, until the last of them is over."""
    if message.purpose != MARKETING or message.channel == IN_APP:
        return None
    until, reason = now, ""
    waits = (
        (facts.paused_until, "paused by the person"),
        (facts.touched + timedelta(days=rules.seller_days) if facts.touched else None, "seller in touch"),
    )
    for end, why in waits:
        if end is not None and end > until:
            until, reason = end, reason or why
    quiet_end = end_of_quiet(until, rules.quiet, facts.zone or rules.zone)
    if quiet_end is not None:
        until, reason = quiet_end, reason or "quiet hours"
    return Verdict(HOLD, reason, until) if reason else None


def end_of_quiet(now: datetime, quiet: tuple[time, time] | None, zone: ZoneInfo) -> datetime | None:
    """Return when the quiet hours that `now` lies in are over, in UTC; None where it lies in none."""
    if quiet is None or quiet[0] == quiet[1]:
        return None
    begin, end = quiet
    local = now.astimezone(zone)
    clock = local.time().replace(tzinfo=None)
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if begin > end and clock >= begin else 0)
    # A time that a change of clocks leaves out is the first that there is after it.
    wall = datetime.combine(day, end, tzinfo=zone)
    return wall.astimezone(ZoneInfo("UTC"))


JUDGES: tuple[Judge, ...] = (_address, _suppressed, _consent, _holdout, _cap, _off, _complaint, _times)
