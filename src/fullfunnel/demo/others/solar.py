"""Sonnwerk: households calculate, ask for a quote, are visited, and sign; what sellers did goes through the REST API."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from fullfunnel.demo.others.browser import Browser, some_day
from fullfunnel.demo.others.truth import Channel, Solar
from fullfunnel.demo.selling import PostMany
from fullfunnel.demo.teller import Call, moment

SITE = "https://sonnwerk.example"
SELLERS = ("bob@halden.example", "dana@halden.example")
STAGES = ("Visit booked", "Visited", "Offer", "Financing", "Signed")
LOST = ("Too expensive", "Chose a competitor", "No decision", "Bad timing")
EUROS = (17_900, 21_400, 24_800, 28_500, 31_200)


@dataclass
class Quote:
    """A quote that was asked for. outcome: of the hand-over; fate: of the deal, "" without one."""

    user: str
    at: datetime
    outcome: str
    fate: str = ""
    event: str = ""


@dataclass
class Households:
    """What a period of the installer's brings: calls of browsers, and the quotes for the sellers."""

    quotes: list[Quote] = field(default_factory=list)

    def visits(self, truth: Solar, start: datetime, end: datetime, rng: Random, name: str) -> Iterator[list[Call]]:
        """Yield the calls of each visitor between `start` and `end`, two midnights."""
        days = (end - start) / timedelta(days=1)
        channels = [channel for channel in truth.channels for _ in range(channel.people)]
        rng.shuffle(channels)
        fates = _fates(truth)
        rng.shuffle(fates)
        for number, channel in enumerate(channels):
            browser = Browser(SITE, f"{name}-{number}", rng.choice(("phone", "desktop")), end, rng)
            outcome, fate = fates[number] if number < len(fates) else ("", "")
            at = _when(outcome, fate, start, days, rng)
            _look(browser, at, channel, began=number < truth.began, finished=number < truth.finished)
            if outcome:
                self.quotes.append(_ask(browser, at + timedelta(hours=1), outcome, fate))
            yield browser.calls


def _fates(truth: Solar) -> list[tuple[str, str]]:
    deals = ["signed"] * truth.signed + ["lost"] * truth.lost + ["open"] * truth.open
    accepted = deals + [""] * (truth.accepted - len(deals))
    others = {"reject": truth.rejected, "recycle": truth.recycled, "age_out": truth.aged_out, "wait": truth.waiting}
    return [("accept", fate) for fate in accepted] + [(name, "") for name, many in others.items() for _ in range(many)]


def _when(outcome: str, fate: str, start: datetime, days: float, rng: Random) -> datetime:
    """Return when somebody comes: what waits came just now, who signed long enough ago that nobody can withdraw."""
    if outcome == "wait":
        return start + timedelta(days=days - rng.uniform(0.3, 2.5))
    return some_day(start, days - {"signed": 50, "lost": 35}.get(fate, 12), rng)


def _look(browser: Browser, at: datetime, channel: Channel, *, began: bool, finished: bool) -> None:
    browser.come()
    browser.page(browser.rng.choice(("/", "/guides/roofs")), at, channel=channel)
    if began:
        browser.page("/calculator", at + timedelta(minutes=2))
        browser.track("calculator_started", at + timedelta(minutes=2, seconds=5))
    if finished:
        browser.track("calculator_finished", at + timedelta(minutes=7), kilowatts=browser.rng.randint(5, 14))


def _ask(browser: Browser, at: datetime, outcome: str, fate: str) -> Quote:
    browser.come()
    browser.page("/quote", at)
    known = {"postcode": f"8{browser.rng.randint(0, 5)}{browser.rng.randint(100, 999)}", "phone": "+49 89 2312500"}
    browser.identify(at + timedelta(minutes=3), **known)
    browser.track("form_submitted", at + timedelta(minutes=4), form="Quote")
    return Quote(browser.name, at + timedelta(minutes=4), outcome, fate, browser.calls[-1]["messageId"])


def tell_quotes(quotes: list[Quote], post_many: PostMany, end: datetime) -> int:
    """Tell what sellers did with them, each kind in the order it happened; return how many there were."""
    quotes = sorted(quotes, key=lambda quote: quote.at)
    ids = post_many("hand-overs", (_hand_over(one, place) for place, one in enumerate(quotes)))
    pairs = list(zip(ids, quotes, strict=True))
    decided = [(name, one) for name, one in pairs if one.outcome != "wait"]
    decided.sort(key=lambda pair: _answered(pair[1]))
    post_many("hand-overs/decisions", (_decision(name, one) for name, one in decided))
    opened = [(name, one) for name, one in pairs if one.fate]
    deals = post_many("deals", (_deal(name, one, place) for place, (name, one) in enumerate(opened)))
    moves = [move for deal, (_, one) in zip(deals, opened, strict=True) for move in _moves(deal, one, end)]
    post_many("deals/moves", sorted(moves, key=lambda move: str(move["at"])))
    return len(quotes)


def _answered(quote: Quote) -> datetime:
    return quote.at + timedelta(days=5 if quote.outcome == "age_out" else 0, hours=3 + quote.at.minute % 20)


def _hand_over(quote: Quote, place: int) -> dict[str, Any]:
    why = [{"text": "Asked for a quote", "points": 40, "of": "engagement"}]
    why += [
        {"text": "Owns the house", "points": 30, "of": "fit"},
        {"text": "Roof faces south", "points": 25, "of": "fit"},
    ]
    told = {"person": {"user_id": quote.user}, "why": why, "form": "Quote", "cause_event": quote.event}
    return told | {"owner": SELLERS[place % len(SELLERS)], "at": moment(quote.at + timedelta(seconds=30))}


def _decision(hand_over: str, quote: Quote) -> dict[str, Any]:
    told = {"id": hand_over, "what": quote.outcome, "at": moment(_answered(quote))}
    reason = {"reject": "The roof is too small", "recycle": "Builds next year"}.get(quote.outcome)
    return told | ({"reason": reason} if reason else {})


def _deal(hand_over: str, quote: Quote, place: int) -> dict[str, Any]:
    return {
        "hand_over": hand_over, "amount": f"{EUROS[place % len(EUROS)]}.00", "currency": "EUR", "is_new": True,
        "need": "Own electricity", "bant": "budget", "bant_text": "Has savings", "by": SELLERS[place % len(SELLERS)],
        "next_step": "Send the offer", "at": moment(_answered(quote) + timedelta(hours=2)),
    }  # fmt: skip


def _moves(deal: str, quote: Quote, end: datetime) -> Iterator[dict[str, Any]]:
    """Yield the stages that a deal went through: to Signed, to Lost, or to one in between."""
    last = {"signed": 4, "lost": 2, "open": 1 + quote.at.minute % 3}[quote.fate]
    begun = _answered(quote) + timedelta(hours=2)
    step = timedelta(days=6) if quote.fate == "signed" else (end - begun) / 6
    for place in range(1, last + 1):
        yield {"id": deal, "to": STAGES[place], "at": moment(begun + step * place)}
    if quote.fate == "lost":
        lost = {"lost_reason": LOST[quote.at.minute % len(LOST)], "lost_text": "", "lost_said_by": "buyer"}
        yield {"id": deal, "to": "Lost", "at": moment(begun + step * (last + 1))} | lost
