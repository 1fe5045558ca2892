"""Stages counted by hand: one tiny story for each sentence of docs/spec/stages.md that the engine keeps."""

from dataclasses import replace

from fullfunnel.journeys import ask
from fullfunnel.journeys.datasets.dataset import Selling
from fullfunnel.journeys.datasets.file import dataset_of_rows

DAY = 86_400
FIRST = 1_767_225_600  # 1 January 2026, a Thursday


def row(who, day, event="page_viewed", **said):
    given = {"path": "/"} if event == "page_viewed" else {}
    return {"person": who, "event": event, "timestamp": FIRST + int(day * DAY)} | given | said


def told(*rows, selling=None, **asked):
    dataset = dataset_of_rows(rows)
    if selling:
        dataset.facts.selling = selling
    return ask.answer({"kind": "stages"} | asked, dataset)


def reached(*rows, selling=None, **asked):
    """How many people reached each stage of the ladder."""
    return [stage["people"] for stage in told(*rows, selling=selling, **asked)["marketing"]]


def test_a_visit_and_a_second_session():
    assert reached(row("ada", 1)) == [1, 0, 0, 0, 0, 0]
    assert reached(row("ada", 1), row("ada", 1.01)) == [1, 0, 0, 0, 0, 0]
    assert reached(row("ada", 1), row("ada", 2)) == [1, 1, 0, 0, 0, 0]
    assert reached(row("ada", 1), row("ada", 32)) == [1, 0, 0, 0, 0, 0]


def test_visits_only_to_the_app_sign_in_support_or_careers_count_nothing():
    paths = ("/app/x", "/login", "/docs/a", "/careers")
    assert reached(*(row("ada", day, path=path) for day, path in enumerate(paths))) == [0] * 6
    assert reached(row("ada", 1, path="/careers"), row("ada", 1.001)) == [1, 0, 0, 0, 0, 0]


def test_a_workspace_says_which_pages_are_which():
    rows = [row("ada", 1, path="/kosten"), row("ada", 2, path="/kosten")]
    assert reached(*rows) == [1, 1, 0, 0, 0, 0]
    assert reached(*rows, selling=Selling("companies", {"price": ["/kosten"]})) == [1, 1, 1, 0, 0, 0]
    assert reached(*rows, selling=Selling("companies", {"careers": ["/kos*"]})) == [0] * 6


def test_the_firms_own_people_are_in_no_stage():
    rows = [row("bob", 1), row("bob", 1, "trait_changed", actor="system", trait="email", new="Bob@Halden.example")]
    assert reached(*rows) == [1, 0, 0, 0, 0, 0]
    assert reached(*rows, selling=Selling("companies", own=("@halden.example",))) == [0] * 6
    assert reached(*rows, selling=Selling("companies", own=("rob@halden.example",))) == [1, 0, 0, 0, 0, 0]


def test_reaching_a_stage_counts_the_earlier_ones_and_marks_what_was_skipped():
    answer = told(row("ada", 1), row("ada", 9, "deal_won", deal_id="1", actor="us"))
    assert [(stage["people"], stage["skipped"]) for stage in answer["marketing"]] == [
        (1, 0), (1, 1), (1, 1), (1, 0), (0, 0), (0, 0),
    ]  # fmt: skip
    assert answer["alone"] == 0
    assert answer["marketing"][0]["seconds_to_next"] == {"median": 8 * DAY, "p90": 8 * DAY}
    assert answer["marketing"][1]["seconds_to_next"] is None


def test_who_is_silent_for_longer_than_the_limit_is_lost_and_the_others_are_pending():
    rows = [row("ada", 1), row("ben", 40), row("cleo", 101)]
    awareness = told(*rows)["marketing"][0]
    # Until day 101: Ada was silent for 100 days, Ben for 61, Cleo for none.
    assert (awareness["went_on"], awareness["pending"], awareness["lost"]) == (0, 1, 2)


def standing(*rows, **asked):
    """How many stand in each stage at the end of the data, and how many customers are none any more."""
    answer = told(*rows, **asked)
    return [stage["now"] for stage in answer["marketing"]], answer["former"]


def test_who_is_silent_stands_a_stage_lower_after_each_limit_and_has_still_reached_it():
    compared = [row("ada", 1), row("ada", 2), row("ada", 3, path="/vs/x")]
    assert standing(*compared, row("ben", 62)) == ([1, 0, 1, 0, 0, 0], 0)
    assert standing(*compared, row("ben", 63)) == ([1, 1, 0, 0, 0, 0], 0)
    assert standing(*compared, row("ben", 123)) == ([2, 0, 0, 0, 0, 0], 0)
    assert standing(*compared, row("ben", 900)) == ([2, 0, 0, 0, 0, 0], 0)
    assert reached(*compared, row("ben", 900)) == [2, 1, 1, 0, 0, 0]
    # A shop waits for 14 days.
    assert standing(row("ada", 1), row("ada", 2), row("ben", 16), sells="online") == ([2, 0, 0, 0, 0, 0], 0)


def test_whose_subscription_ended_is_no_customer_until_they_buy_again():
    paid = row("ada", 1, "invoice_paid")
    ended = row("ada", 9, "subscription_ended", actor="system")
    assert standing(paid) == ([0, 0, 0, 1, 0, 0], 0)
    assert standing(paid, ended) == ([0, 0, 0, 0, 0, 0], 1)
    assert standing(paid, ended, row("ada", 20, "subscription_started")) == ([0, 0, 0, 1, 0, 0], 0)
    assert standing(ended) == ([0, 0, 0, 0, 0, 0], 0)


def test_who_ordered_nothing_for_a_year_is_no_customer_of_a_shop_any_more():
    order = row("ada", 1, "order_completed", order_id="1")
    assert standing(order, row("ben", 365), sells="online")[1] == 0
    assert standing(order, row("ben", 366), sells="online")[1] == 1
    assert standing(order, row("ada", 300, "order_completed", order_id="2"), row("ben", 366), sells="online")[1] == 0


def test_a_competitor_is_no_prospect():
    rows = [
        row("ada", 1),
        row("ada", 1, "trait_changed", trait="email", new="ada@rival.example", actor="system"),
        row("ada", 2, "form_submitted", form="demo"),
    ]
    assert told(*rows)["prospects"] == 1
    found = told(*rows, selling=Selling("companies", rivals=("@rival.example",)))
    assert (found["prospects"], found["marketing"][0]["people"]) == (0, 1)


def test_a_household_is_a_prospect_where_the_firm_serves_its_postcode():
    rows = [
        row("ada", 1),
        row("ada", 1, "trait_changed", trait="phone", new="1", actor="system"),
        row("ada", 1, "trait_changed", trait="postcode", new="80331", actor="system"),
    ]
    assert told(*rows, sells="households")["prospects"] == 1
    for served, many in ((("80*", "81*"), 1), (("90*",), 0), (("80331",), 1), ((), 1)):
        assert told(*rows, selling=Selling("households", {"postcode": served}))["prospects"] == many


def test_loyal_is_who_uses_it_in_three_of_four_weeks_after_ninety_days():
    won = row("ada", 0, "invoice_paid")
    uses = [row("ada", day, "product_used") for day in (70, 77, 84, 92)]
    assert reached(won, *uses[:3])[4] == 0
    assert reached(won, *uses)[4] == 1
    # Two weeks only: days 89 and 92 are a Monday's week.
    assert reached(won, *(row("ada", day, "product_used") for day in (84, 92, 93)))[4] == 0
    assert reached(won, row("ada", 1, "subscription_renewed"))[4] == 1


def test_a_buyer_without_sales_is_one_alone():
    alone = [row("ada", 1), row("ada", 2, "subscription_started")]
    assert told(*alone)["alone"] == 1
    assert told(*alone, row("ada", 1.5, "lead_handed_over", actor="us"))["alone"] == 0


def test_a_prospect_has_a_work_address_and_did_more_than_subscribe():
    def prospects(*more, new="ada@clinic.example"):
        known = row("ada", 1, "trait_changed", actor="system", trait="email", new=new)
        return told(row("ada", 1), known, *more)["prospects"]

    assert prospects(row("ada", 1, "newsletter_confirmed")) == 0
    assert prospects(row("ada", 1, "form_submitted")) == 1
    assert prospects(row("ada", 1, "form_submitted"), new="ada@gmail.com") == 0


def test_deals_count_by_their_creation_as_they_are_now():
    def deal(number, *happened):
        return [
            row(f"p{number}", day, event, actor="us", deal_id=f"D{number}", **said) for day, event, said in happened
        ]

    rows = [
        *deal(1, (10, "deal_created", {"amount": "100.50", "currency": "EUR"}), (50, "deal_won", {"revenue": "90"})),
        *deal(
            2,
            (10, "deal_created", {"amount": "7", "currency": "EUR"}),
            (20, "deal_lost", {}),
            (30, "deal_reopened", {}),
        ),
        *deal(3, (10, "deal_created", {"amount": "5", "currency": "CHF"}), (12, "deal_changed", {"amount": "6"})),
        *deal(4, (60, "deal_created", {"amount": "1", "currency": "EUR"})),
        *deal(5, (1, "deal_created", {}), (15, "deal_lost", {})),
        *deal(6, (10, "deal_created", {"amount": "9", "currency": "EUR"}), (10.01, "deal_taken_back", {})),
    ]
    period = {"from": "2026-01-05", "to": "2026-01-31"}
    deals = told(*rows, period=period)["deals"]
    assert deals == {
        "opportunities": 3, "won": 1, "lost": 0, "open": 2, "expansions": 0,
        "won_value": [{"currency": "EUR", "amount": "90.0000"}],
        "open_value": [{"currency": "EUR", "amount": "7.0000"}, {"currency": "CHF", "amount": "6.0000"}],
        "seconds_to_win": {"median": 40 * DAY, "p90": 40 * DAY},
    }  # fmt: skip
    listed = told(*rows, period=period, show="people", stage="opportunity", outcome="open")
    assert [one["person"] for one in listed["people"]] == ["p2", "p3"]


def test_the_ledger_keeps_each_hand_over_in_one_place():
    def lead(day, what, who="ada", **said):
        return row(who, day, f"lead_{what}", actor="us", **said)

    joint = told(
        lead(1, "handed_over", lead_id="a"), lead(2, "aged_out", lead_id="a"), lead(3, "reopened", lead_id="a"),
        lead(4, "accepted", lead_id="a"), lead(5, "rejected", lead_id="a"), lead(6, "handed_over"), lead(7, "handed_over"),
        row("ada", 8, "activity_logged", actor="us", direction="in"), row("ada", 9, "activity_logged", actor="us"),
        row("ada", 8.5, "activity_logged", actor="us", activity="wrong"),
        row("ada", 8.6, "activity_taken_back", actor="us", activity="wrong"), lead(10, "recycled"), lead(11, "accepted", who="ben"),
    )["hand_overs"]  # fmt: skip
    assert joint == {
        "handed_over": 2, "accepted": 1, "rejected": 0, "recycled": 1, "aged_out": 0, "waiting": 0, "asked_again": 1,
        "seconds_to_answer": {"median": 3 * DAY, "p90": 3 * DAY}, "ignored": 2,
    }  # fmt: skip


def test_channel_and_device_are_those_of_the_first_session_and_a_deals_are_its_persons():
    rows = [
        row("ada", 1, channel="Email", device="mobile"), row("ada", 2, channel="Direct", device="desktop"),
        row("ada", 3, "lead_handed_over", actor="us"), row("ada", 4, "deal_created", actor="us", deal_id="1"),
        row("ben", 1, channel="Direct", device="desktop"),
    ]  # fmt: skip
    answer = told(*rows, breakdown={"property": "channel"})
    groups = {group["value"]: group for group in answer["groups"]}
    assert {name: group["marketing"][0]["people"] for name, group in groups.items()} == {"Email": 1, "Direct": 1}
    assert (groups["Email"]["hand_overs"]["waiting"], groups["Email"]["deals"]["open"]) == (1, 1)
    assert (groups["Direct"]["hand_overs"]["waiting"], groups["Direct"]["deals"]["open"]) == (0, 0)
    phones = told(*rows, device="mobile")
    assert (phones["marketing"][0]["people"], phones["deals"]["opportunities"]) == (1, 1)


def test_a_shop_counts_orders_without_sales_and_takes_back_what_was_refunded_in_full():
    order = {"order_id": "7", "revenue": "50"}
    rows = [row("ada", 1), row("ada", 2, "order_completed", **order), row("ada", 4, "order_completed", order_id="8")]
    answer = told(*rows, sells="online")
    assert "hand_overs" not in answer
    assert [stage["people"] for stage in answer["marketing"]] == [1, 1, 1, 1, 1, 0]
    part = row("ada", 5, "order_refunded", order_id="7", revenue="20", actor="system")
    assert reached(*rows, part, sells="online")[4] == 1
    rest = row("ada", 6, "order_refunded", order_id="7", revenue="30", actor="system")
    assert reached(*rows, part, rest, sells="online")[3:5] == [1, 0]


def test_the_same_product_on_two_days_is_consideration_in_a_shop():
    def views(*seen):
        return reached(
            *(row("ada", day, "product_viewed", product_id=product) for day, product in seen), sells="online"
        )

    assert views((1, "a"), (2, "b"))[1:3] == [1, 0]
    assert views((1, "a"), (2, "b"), (3, "b"))[1:3] == [1, 1]


def test_a_period_counts_first_moves_that_lie_in_it():
    rows = [row("ada", 1), row("ada", 2), row("ben", 20)]
    period = {"from": "2026-01-03", "to": "2026-01-31"}
    # Ben's first visit, and Ada's second session.
    assert reached(*rows, period=period) == [1, 1, 0, 0, 0, 0]
    listed = told(*rows, period=period, show="people", stage="awareness")
    assert listed["people"] == [{"person": "ben", "entered_at": "2026-01-21T00:00:00Z"}]


def test_an_answer_names_its_rules():
    answer = replace(dataset_of_rows([])).facts
    assert answer.selling == Selling()
    assert {key: told()[key] for key in ("kind", "sells", "rules")} == {
        "kind": "stages",
        "sells": "companies",
        "rules": 1,
    }


def test_another_period_is_counted_beside_and_the_values_to_choose_from_are_told():
    rows = [row("ada", 1, channel="Email"), row("ben", 20, channel="Direct"), row("cleo", 21, channel="Direct")]
    answer = told(*rows, period={"from": "2026-01-15"}, compare={"from": "2026-01-01", "to": "2026-01-14"})
    assert (answer["marketing"][0]["people"], answer["before"]["marketing"][0]["people"]) == (2, 1)
    assert answer["values"] == {
            "channel": ["Direct", "Email"], "campaign": [], "device": [], "country": [], "seller": [],
        }  # fmt: skip
