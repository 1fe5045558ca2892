"""Teehaus Lund: visitors, baskets, orders, returns, and who orders again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from fullfunnel.demo.others.browser import Browser, some_day
from fullfunnel.demo.others.truth import Channel, Shop
from fullfunnel.demo.teller import Call

SITE = "https://teehaus-lund.example"
TEAS = ("sencha", "assam", "earl-grey", "rooibos", "white-peony", "chai", "mint", "oolong")
CENTS = (1_890, 2_450, 3_990, 5_900, 7_400, 12_900)


def visits(truth: Shop, start: datetime, end: datetime, rng: Random, name: str) -> Iterator[list[Call]]:
    """Yield the calls of each visitor between `start` and `end`, two midnights. name: what begins the ids."""
    days = (end - start) / timedelta(days=1)
    channels = [channel for channel in truth.channels for _ in range(channel.people)]
    rng.shuffle(channels)
    baskets = [("phone", paid) for paid in _parts(truth.phone.baskets, truth.phone.bought)]
    baskets += [("desktop", paid) for paid in _parts(truth.desktop.baskets, truth.desktop.bought)]
    again = [(True, one) for one in _parts(*truth.vouchers)] + [(False, one) for one in _parts(*truth.others)]
    rng.shuffle(again)
    bought = reviews = refunds = 0
    for number, channel in enumerate(channels):
        device = baskets[number][0] if number < len(baskets) else rng.choice(("phone", "desktop"))
        browser = Browser(SITE, f"{name}-{number}", device, end, rng)
        # Who buys, and orders again, needs time for it before the end.
        at = some_day(start, days - (30 if number < len(baskets) else 1), rng)
        _look(browser, at, channel, products=2 if number < truth.interested else 1)
        if number < len(baskets):
            at = _fill(browser, at)
            if baskets[number][1]:
                voucher, returns = again[bought]
                reviews += returns
                _buy(browser, at, voucher=voucher, again=returns, review=returns and reviews <= truth.reviews)
                bought += 1
            elif refunds < truth.refunded:
                refunds += 1
                _send_back(browser, at)
        yield browser.calls


def _parts(whole: int, part: int) -> list[bool]:
    return [True] * part + [False] * (whole - part)


def _look(browser: Browser, at: datetime, channel: Channel, *, products: int) -> None:
    browser.come()
    browser.page(browser.rng.choice(("/", "/guides/brewing")), at, channel=channel)
    for number in range(products):
        _see(browser, TEAS[(len(browser.name) + number) % len(TEAS)], at + timedelta(minutes=1 + number))


def _see(browser: Browser, tea: str, at: datetime) -> None:
    browser.page(f"/teas/{tea}", at)
    browser.track("product_viewed", at + timedelta(seconds=1), product_id=tea, name=tea.replace("-", " ").title())


def _fill(browser: Browser, at: datetime) -> datetime:
    """Put a tea into the basket, hours or a day later; return when."""
    at += timedelta(hours=browser.rng.uniform(1, 30))
    browser.come()
    _see(browser, TEAS[0], at)
    browser.track("product_added", at + timedelta(minutes=2), product_id=TEAS[0], quantity=1)
    browser.track("checkout_started", at + timedelta(minutes=4))
    return at + timedelta(minutes=6)


def _buy(browser: Browser, at: datetime, *, voucher: bool, again: bool, review: bool) -> None:
    browser.identify(at)
    _order(browser, at + timedelta(minutes=1), "1", {"coupon": "TEA10"} if voucher else {})
    if again:
        _order(browser, at + timedelta(days=browser.rng.uniform(5, 26)), "2", {})
    if review:
        browser.track("review_submitted", at + timedelta(days=4), rating=5, product_id=TEAS[0])


def _order(browser: Browser, at: datetime, number: str, more: dict[str, str]) -> None:
    browser.come()
    euros = f"{browser.rng.choice(CENTS) / 100:.2f}"
    browser.track(
        "order_completed", at, order_id=f"{browser.name}-{number}", revenue=euros, currency="EUR", **more,
    )  # fmt: skip


def _send_back(browser: Browser, at: datetime) -> None:
    """Order, and send all of it back: that is no purchase."""
    browser.identify(at)
    _order(browser, at + timedelta(minutes=1), "1", {})
    said = browser.calls[-1]["properties"]
    back = {"order_id": said["order_id"], "revenue": said["revenue"], "currency": "EUR"}
    browser.track("order_refunded", at + timedelta(days=6), **back)
