"""A message, what is known of the person, the rules and the moment -> send, hold until, or refuse with the one reason."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fullfunnel.messaging.policy import ALL, Facts, Message, Rules, Verdict, Word, verdict
from tests.cases import Outcome, Row, each, only

GIVEN = (
    "now", "zone", "workspace_zone", "channel", "purpose", "topic", "consent", "consent_log", "suppressed", "sent", "rules",
    "touched", "open_complaint", "holdout", "address", "erased", "restored", "push", "_note",
)  # fmt: skip
UNITS = {"d": "days", "h": "hours"}
LONG_AGO = timedelta(days=90)


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    given, expected = row["given"], row["expect"]
    only(given, GIVEN, "given")
    message = Message(given["channel"], given["purpose"], given["topic"])
    found = verdict(message, _facts(given), _rules(given), datetime.fromisoformat(given["now"]))
    until = datetime.fromisoformat(expected["until"]) if expected.get("until") else None
    wanted = Verdict(expected["do"], expected.get("reason", ""), until)
    return ("" if found == wanted else f"{found}, expected {wanted}"), ""


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return None


def _words(given: dict[str, Any]) -> list[Word]:
    if "consent_log" in given:
        return [Word(topic, said == "given", datetime.fromisoformat(at)) for at, topic, said in given["consent_log"]]
    at = datetime.fromisoformat(given["now"]) - LONG_AGO
    # A word without a time: that on everything is the later one.
    said = [(topic, word) for topic, word in given["consent"].items() if word]
    return [Word(topic, word == "given", at + timedelta(days=topic == ALL)) for topic, word in said]


def _facts(given: dict[str, Any]) -> Facts:
    is_gone = given.get("erased") or ("address" in given and given["address"] is None)
    return Facts(
        address=None if is_gone else "ada@acme.example",
        has_subscription=given.get("push") != "gone",
        suppressed=given["suppressed"] or "",
        words=_words(given),
        sent=[datetime.fromisoformat(at) for at in given["sent"]],
        is_held_out=given.get("holdout", False),
        has_complaint=given.get("open_complaint", False),
        touched=datetime.fromisoformat(given["touched"]) if given.get("touched") else None,
        zone=_zone(given["zone"]),
    )


def _rules(given: dict[str, Any]) -> Rules:
    said = given["rules"]
    begin, end = (time.fromisoformat(one) for one in said["quiet"])
    caps = [(most, timedelta(**{UNITS[window[-1]]: int(window[:-1])})) for most, window in said["caps"]]
    off = "sending is off on a restored copy" if given.get("restored") else ""
    zone = _zone(given.get("workspace_zone", "UTC")) or ZoneInfo("UTC")
    return Rules(caps, (begin, end), said["seller_days"], zone, off)
