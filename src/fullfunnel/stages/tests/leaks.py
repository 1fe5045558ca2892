"""Answers of the question of leaks, as a look keeps them."""

from typing import Any

Json = dict[str, Any]


def side(people: int, went_on: int) -> Json:
    return {"people": people, "went_on": went_on, "rate": went_on / people}


def leak(amount: str = "37500.0000", **changed: Any) -> Json:
    """Return leads that waited, of Halden's numbers."""
    price = {"amount": amount, "low": "22000.0000", "high": "57000.0000", "currency": "EUR"}
    week = {"from": "2026-11-01T00:00:00Z", "group": side(10, 2), "others": side(20, 8)}
    return {
        "key": "handed_over|waited_a_day|yes", "step": "handed_over", "to": "opportunity", "label": "",
        "dimension": "waited_a_day", "value": "yes", "group": side(148, 22), "others": side(264, 102),
        "difference": {"value": 0.24, "low": 0.15, "high": 0.31}, "test": "normal", "p": 1e-7, "q": 1e-5,
        "win": {"rate": 1 / 3, "links": [{"won": 31, "decided": 93}]}, "months": 3.0, "missing": 35.18,
        "per_month": price, "total": {"lost": 126, "per_month": None}, "hit": 148, "field": None,
        "bands": [{"name": "within_4_hours", **side(181, 76)}], "comes_from": [], "same": [], "first_at": None,
        "weeks": [week] * 3,
    } | changed  # fmt: skip


def answer(*leaks: Json) -> Json:
    win = {"amount": "9600.0000", "currency": "EUR"}
    step = {"step": "handed_over", "to": "opportunity", "label": "", "reached": 412, "pending": 62}
    alone = {"step": "opportunity", "to": "won", "label": "", "dimension": "contacts", "value": "one"}
    spain = {
        "step": "form:f",
        "to": "sent",
        "label": "Demo",
        "dimension": "country",
        "value": "ES",
        "group": side(19, 1),
    }
    return {
        "leaks": list(leaks), "win": win, "steps": [step], "tested": 192, "data_until": "2026-12-01T00:00:00Z",
        "silent": [spain], "unproven": [alone | {"group": side(51, 9), "others": side(42, 22)}],
    }  # fmt: skip
