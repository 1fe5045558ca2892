"""Tell the story of a firm to a running server: browsers through the door, sellers through the REST API."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

from fullfunnel.demo.deliver import Door, deliver
from fullfunnel.demo.others import shop
from fullfunnel.demo.others.firms import SHOP
from fullfunnel.demo.others.solar import Households, tell_quotes
from fullfunnel.demo.others.truth import LUND, SONNWERK, Channel, Device, Shop, Solar
from fullfunnel.demo.plan import days_before
from fullfunnel.demo.selling import Api
from fullfunnel.demo.teller import WEB, Call

DAYS, PERIODS = 90, 2


def tell_firm(
    slug: str, keys: dict[str, Any], *, port: int, end: datetime, seed: int, settle: Callable[[int], None]
) -> int:
    """Tell all of a firm; return how many calls there were. settle: waits until so many events can be asked."""
    households = Households()
    doors = {WEB: Door("127.0.0.1", port, keys["write_key"])}
    sent, by_person = deliver(calls_of(slug, end, seed, households), doors, lambda _: None)
    if households.quotes:
        settle(by_person)
        tell_quotes(households.quotes, Api("127.0.0.1", port, keys["api_key"]).post_many, end)
    return sent


def calls_of(slug: str, end: datetime, seed: int, households: Households) -> Iterator[tuple[str, Call]]:
    """Yield the calls of a firm's two periods of 90 days until `end`, a midnight, each visitor's in their order."""
    for period in reversed(range(PERIODS)):
        start, stop = days_before(end, DAYS * (period + 1)), days_before(end, DAYS * period)
        rng, name = Random(f"{slug}-{seed}-{period}"), f"{slug}-{seed}-{period}"
        if slug == SHOP:
            found = shop.visits(LUND if period == 0 else smaller(LUND), start, stop, rng, name)
        else:
            found = households.visits(SONNWERK if period == 0 else settled(SONNWERK), start, stop, rng, name)
        for calls in found:
            yield from ((WEB, call) for call in calls)


def settled(truth: Solar) -> Solar:
    """Return the same of an earlier period, a little smaller: what waited aged out, what was open is lost."""
    return replace(
        truth, channels=_fewer(truth.channels), began=_part(truth.began), finished=_part(truth.finished),
        accepted=truth.accepted - 6, rejected=truth.rejected - 2, aged_out=truth.aged_out + truth.waiting, waiting=0,
        signed=truth.signed - 2, lost=truth.lost + truth.open - 5, open=0,
    )  # fmt: skip


def smaller(truth: Shop) -> Shop:
    """Return the same of an earlier period, a little smaller."""
    phone, desktop = (Device(_part(one.baskets), _part(one.bought)) for one in (truth.phone, truth.desktop))
    bought, vouchers = phone.bought + desktop.bought, (_part(truth.vouchers[0]), truth.vouchers[1])
    return replace(
        truth, channels=_fewer(truth.channels), interested=_part(truth.interested), phone=phone, desktop=desktop,
        vouchers=vouchers, others=(bought - vouchers[0], _part(truth.others[1])), reviews=truth.reviews - 1,
    )  # fmt: skip


def _part(count: int) -> int:
    return round(count * 0.92)


def _fewer(channels: Sequence[Channel]) -> tuple[Channel, ...]:
    return tuple(replace(channel, people=_part(channel.people)) for channel in channels)
