"""What the truth says of the shop and of the installer is found again in what they tell."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache

from fullfunnel.demo.others.firms import SHOP, SOLAR
from fullfunnel.demo.others.solar import Households, tell_quotes
from fullfunnel.demo.others.telling import calls_of
from fullfunnel.demo.others.truth import LUND, SONNWERK
from fullfunnel.events import names

END = datetime(2026, 11, 15, 23, tzinfo=UTC)
QUARTER = datetime(2026, 8, 17, 22, tzinfo=UTC)


@cache
def told(slug):
    """(visitor -> calls, households) of the last 90 days' newcomers."""
    households, found = Households(), defaultdict(list)
    for _, call in calls_of(slug, END, 1, households):
        if f"{slug}-1-0-" in call["messageId"]:
            found[call["anonymousId"]].append(call)
    return found, households


def who_did(slug, name):
    return {who for who, calls in told(slug)[0].items() if any(call.get("event") == name for call in calls)}


def orders(who):
    return [call for call in told(SHOP)[0][who] if call.get("event") == "order_completed"]


def test_every_event_has_a_name_of_the_vocabulary_and_lies_in_the_period():
    calls = [call for slug in (SHOP, SOLAR) for one in told(slug)[0].values() for call in one]
    assert sorted({call["event"] for call in calls if "event" in call} - names.KNOWN) == []
    moments = [datetime.fromisoformat(call["timestamp"]) for call in calls]
    assert min(moments) >= QUARTER
    assert max(moments) < END


def test_the_shop_has_the_visitors_baskets_and_buyers_of_its_truth():
    sent_back = who_did(SHOP, "order_refunded")
    bought = who_did(SHOP, "order_completed") - sent_back
    assert len(told(SHOP)[0]) == LUND.people == 4_260
    assert len(who_did(SHOP, "product_added")) == LUND.phone.baskets + LUND.desktop.baskets == 320
    assert (len(bought), len(sent_back)) == (LUND.bought, LUND.refunded) == (121, 4)


def test_who_bought_with_a_voucher_seldom_orders_again():
    again, first = Counter(), Counter()
    for who in who_did(SHOP, "order_completed") - who_did(SHOP, "order_refunded"):
        with_voucher = "coupon" in orders(who)[0]["properties"]
        first[with_voucher] += 1
        again[with_voucher] += len(orders(who)) == 2
    assert (first[True], again[True]) == LUND.vouchers == (33, 5)
    assert (first[False], again[False]) == LUND.others == (88, 29)


def test_a_second_order_is_of_another_day():
    days = [[order["timestamp"][:10] for order in orders(who)] for who in who_did(SHOP, "order_completed")]
    assert all(len(set(each)) == len(each) for each in days)


def test_the_installers_quotes_and_deals_are_those_of_its_truth():
    kept = {}

    def post_many(path, bodies):
        kept[path] = list(bodies)
        return [f"{path}-{number}" for number in range(len(kept[path]))]

    last = [quote for quote in told(SOLAR)[1].quotes if f"{SOLAR}-1-0-" in quote.user]
    assert tell_quotes(last, post_many, END) == SONNWERK.asked == 120
    assert len(told(SOLAR)[0]) == SONNWERK.people == 1_800
    assert Counter(one["what"] for one in kept["hand-overs/decisions"]) == {
        "accept": 78, "reject": 14, "recycle": 8, "age_out": 6
    }  # fmt: skip
    ends = Counter(one["to"] for one in kept["deals/moves"])
    assert (len(kept["deals"]), ends["Signed"], ends["Lost"]) == (60, 15, 24)
    signed = [datetime.fromisoformat(one["at"]) for one in kept["deals/moves"] if one["to"] == "Signed"]
    # So that all are won: fourteen days to withdraw are over.
    assert max(signed) < END - timedelta(days=14)
