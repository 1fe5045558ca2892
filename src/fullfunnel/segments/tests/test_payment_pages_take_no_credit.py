"""Coming back from the page where one pays leaves the credit where it was (../shared/cases/faults 10)."""

from datetime import timedelta

from fullfunnel.journeys.ask import answer
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import days_ago


def test_the_newsletter_earned_the_order_and_not_the_payment_page(workspace, ada):
    came = days_ago(2)
    ada.visits("/?utm_source=newsletter&utm_medium=email", at=came, referrer="")
    ada.visits("/thanks", at=came + timedelta(minutes=41), referrer="https://checkout.stripe.com/")
    ada.does("order_done", at=came + timedelta(minutes=42), revenue="50", currency="EUR")
    question = {"kind": "attribution", "conversion": {"event": "order_done", "value": "revenue"}, "by": "source"}
    question |= {"models": ["last_touch", "last_non_direct"], "bootstrap": 0}
    rows = answer(question, dataset_of(workspace))["rows"]
    assert {(row["model"], row["value"], row["conversions"]) for row in rows if row["conversions"]} == {
        ("last_touch", "newsletter", 1),
        ("last_non_direct", "newsletter", 1),
    }
