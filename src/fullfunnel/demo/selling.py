"""What Halden's sellers did, told to the REST API as of the past: hand-overs, decisions, deals, moves, activities."""

import http.client
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from fullfunnel.demo.halden_forms import CONTACT, DEMO, Forms
from fullfunnel.demo.teller import FORMS, Call

# Few at once: while a request is done, nobody else writes.
AT_ONCE = 20
ASKED = {"demo form": "Asked for a demo", "contact form": "Asked to be contacted"}
NAMES = {"demo form": DEMO, "contact form": CONTACT}
SEEN = (
    ("Looked at the price page in two sessions", 20),
    ("Compared us with others", 8),
    ("Read a customer's story", 8),
)
READ = ("Read five pages of guides", 15)
FIRM = (("Work e-mail address", 20), ("In a country that we serve", 15), ("A clinic or a hospital", 15))
LOST = {
    "no budget this year": "No budget",
    "chose a competitor": "Chose a competitor",
    "no decision": "No decision",
    "works council objected": "Something is missing",
    "missing interface": "Something is missing",
}
DECISIONS = {
    "lead_accepted": "accept",
    "lead_rejected": "reject",
    "lead_recycled": "recycle",
    "lead_aged_out": "age_out",
}
NEEDS = ("Plans shifts in spreadsheets", "Night shifts are hard to fill", "Pays too much for agency staff")
BANT = (
    ("budget", "It is in next year's budget"),
    ("authority", "The managing director decides"),
    ("timing", "Before the summer holidays"),
)
STEPS = ("Call after the demo", "Send the proposal", "Meet the works council", "Send the contract")
OUTCOMES = {"call": "reached", "meeting": "held", "email": "sent"}


PostMany = Callable[[str, Iterable[dict[str, Any]]], list[str]]


@dataclass
class Sales:
    """A door that keeps what sellers did until the people it is about are there."""

    calls: list[Call] = field(default_factory=list)

    def post(self, calls: list[Call]) -> None:
        self.calls += calls


@dataclass
class Submissions:
    """What was sent to forms, kept aside from the calls until the people are there."""

    told: list[Call] = field(default_factory=list)

    def aside(self, calls: Iterator[tuple[str, Call]]) -> Iterator[tuple[str, Call]]:
        """Keep them, and give the others on."""
        for door, call in calls:
            if door == FORMS:
                self.told.append(call)
            else:
                yield door, call

    def tell(self, post_many: PostMany, forms: Forms) -> int:
        """Tell them to the forms' bulk door; return how many there were."""
        for name, form_id in forms.ids.items():
            bodies = [call["body"] for call in self.told if call["form"] == name]
            post_many(f"forms/{form_id}/submissions", sorted(bodies, key=lambda body: str(body["at"])))
        return len(self.told)


class Api:
    """The REST API of a running server, as a program with a key calls it."""

    def __init__(self, host: str, port: int, key: str) -> None:
        self.connection = http.client.HTTPConnection(host, port, timeout=120)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Post a body; RuntimeError when it is refused."""
        self.connection.request("POST", f"/api/v1/{path}", json.dumps(body), self.headers)
        response = self.connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path} answered with {response.status}: {answer[:300]!r}")
        return dict(json.loads(answer))

    def post_many(self, path: str, bodies: Iterable[dict[str, Any]]) -> list[str]:
        """Post bodies to a bulk door; return the ids in their order. RuntimeError when one is refused."""
        ids, rest = [], iter(bodies)
        while some := list(islice(rest, AT_ONCE)):
            results = self.post(f"{path}/bulk", {"items": some})["results"]
            for body, result in zip(some, results, strict=True):
                if result["error"]:
                    raise RuntimeError(f"{path} refused {body}: {result['error']}")
                ids.append(result["id"])
        return ids


def tell_sales(calls: list[Call], post_many: PostMany, end: datetime) -> int:
    """Tell what sellers did, each kind in the order it happened; return how many hand-overs there were. `end`: of the demo."""
    by_name: dict[str, list[Call]] = {}
    for call in sorted(calls, key=lambda call: str(call["timestamp"])):
        by_name.setdefault(call["event"], []).append(call)
    handed = by_name.get("lead_handed_over", [])
    hand_overs = dict(
        zip((call["userId"] for call in handed), post_many("hand-overs", map(hand_over, handed)), strict=True)
    )
    decided = [call for name in DECISIONS for call in by_name.get(name, ())]
    post_many("hand-overs/decisions", (decision(call, hand_overs) for call in decided))
    created = by_name.get("deal_created", [])
    fates = {call["properties"]["deal_id"] for name in ("deal_won", "deal_lost") for call in by_name.get(name, ())}
    opened = post_many("deals", (deal(call, hand_overs, fates, end) for call in created))
    deals = dict(zip((call["properties"]["deal_id"] for call in created), opened, strict=True))
    post_many("deals/people", (contact(call, deals) for call in by_name.get("deal_contact_added", ())))
    moved = [call for name in ("deal_stage_changed", "deal_won", "deal_lost") for call in by_name.get(name, ())]
    moved.sort(key=lambda call: str(call["timestamp"]))
    post_many("deals/moves", (move(call, deals) for call in moved))
    begun = {call["userId"]: call for call in created}
    done = by_name.get("activity_logged", ())
    post_many("activities", (activity(call, begun.get(call["userId"]), deals) for call in done))
    return len(handed)


def hand_over(call: Call) -> dict[str, Any]:
    said = call["properties"]
    form = NAMES.get(said["via"], "")
    why = [{"text": ASKED[said["via"]], "points": 40, "of": "engagement"}] if form else []
    seen = SEEN if form else (*SEEN, READ)
    why += [{"text": text, "points": points, "of": "engagement"} for text, points in seen]
    why += [{"text": text, "points": points, "of": "fit"} for text, points in FIRM]
    told = {"person": {"user_id": call["userId"]}, "company": {"key": call["context"]["groupId"]}, "why": why}
    return told | {
        "form": form,
        "owner": address(said["owner"]),
        # The hand-over leads to what was sent.
        "cause_event": said.get("cause") or call["messageId"],
        "at": call["timestamp"],
    }


def decision(call: Call, hand_overs: dict[str, str]) -> dict[str, Any]:
    what, said = DECISIONS[call["event"]], call["properties"]
    told = {"id": hand_overs[call["userId"]], "what": what, "at": call["timestamp"]}
    if what == "age_out":
        return told
    reason = {"reject": said.get("reason", ""), "recycle": "Not this year"}.get(what, "")
    return told | {"reason": reason, "by": address(said["owner"])}


def deal(call: Call, hand_overs: dict[str, str], decided: set[str], end: datetime) -> dict[str, Any]:
    """Return a deal as it was opened; one that is open still has a need, and most of them a next step."""
    said, number = call["properties"], int(call["properties"]["deal_id"].removeprefix("D-"))
    at = datetime.fromisoformat(call["timestamp"])
    told = {
        "hand_over": hand_overs[call["userId"]], "amount": said["amount"], "currency": said["currency"], "is_new": True,
        "need": NEEDS[number % len(NEEDS)], "bant": BANT[number % 3][0], "bant_text": BANT[number % 3][1],
        "bant_is_assumed": number % 4 == 0, "by": address(said["owner"]), "at": call["timestamp"],
        "closes_on": str((at + timedelta(days=35)).date()),
    }  # fmt: skip
    if said["deal_id"] in decided:
        return told
    told["closes_on"] = str(end.date() + timedelta(days=5 + number * 7 % 55))
    if number % 6 == 0:
        return told
    day = end.date() + timedelta(days=number % 9 - 2)
    return told | {"next_step": STEPS[number % len(STEPS)], "next_step_on": str(day)}


def contact(call: Call, deals: dict[str, str]) -> dict[str, Any]:
    said = call["properties"]
    told = {"id": deals[said["deal_id"]], "role": said["role"], "at": call["timestamp"]}
    return told | {"person": {"user_id": f"{call['userId']}-2"}}


def move(call: Call, deals: dict[str, str]) -> dict[str, Any]:
    said, name = call["properties"], call["event"]
    told = {"id": deals[said["deal_id"]], "by": address(said["owner"]), "at": call["timestamp"]}
    if name == "deal_lost":
        lost = {"lost_reason": LOST[said["reason"]], "lost_text": said["reason"].capitalize(), "lost_said_by": "buyer"}
        return told | lost | {"to": "Lost", "competitor": said.get("competitor", "")}
    return told | {"to": "Won" if name == "deal_won" else said["to"]}


def activity(call: Call, begun: Call | None, deals: dict[str, str]) -> dict[str, Any]:
    """Return an activity: with the deal, from the moment that there was one (`begun`)."""
    said = call["properties"]
    told = {"kind": said["kind"], "direction": said["direction"], "outcome": OUTCOMES[said["kind"]]}
    about = {"person": {"user_id": call["userId"]}, "by": address(said["owner"])}
    if begun is not None and begun["timestamp"] <= call["timestamp"]:
        about["deal"] = deals[begun["properties"]["deal_id"]]
    return told | about | {"at": call["timestamp"], "is_history": True}


def address(owner: str) -> str:
    return f"{owner.lower()}@halden.example"
