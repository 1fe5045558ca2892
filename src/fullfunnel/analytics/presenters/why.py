"""A trace as its page shows it. Pure."""

from datetime import datetime
from typing import Any

from fullfunnel.journeys.questions.words import name_words

Json = dict[str, Any]
OUTCOMES = {
    "reached": ("Reached the last step", "good"),
    "dropped": ("Lost", "bad"),
    "pending": ("Pending", "note"),
    "removed": ("Left out", "bad"),
    "no_entry": ("Did not begin", ""),
}
ENDED = {
    "converted": "reached the last step",
    "window": "the window ended",
    "within": "the next step's own limit passed",
    "period": "the period ended",
    "excluded": "an excluded event came",
    "broken": "something else came between",
    "open": "still open",
}


def present(answer: Json) -> Json:
    """The trace's events, entries and changes as the template reads them."""
    words, mood = OUTCOMES[answer["outcome"]]
    return {
        "outcome": words,
        "mood": mood,
        "sentence": answer["sentence"],
        "changes": answer["would_have"],
        # Who reached the end, or still can, asks for no change.
        "wants_change": answer["outcome"] in ("dropped", "removed", "no_entry"),
        "events": told([_event(each) for each in answer["events"]]),
        "events_left_out": answer["events_left_out"],
        "entries": [_entry(each) for each in answer["entries"]],
        "entries_left_out": answer["entries_left_out"],
        "until": datetime.fromisoformat(answer["data_until"]),
    }


def told(events: list[Json]) -> list[Json]:
    """What was passed over again and again for one reason is one line, with how often and until when."""
    lines: list[Json] = []
    for event in events:
        last = lines[-1] if lines else None
        if (
            last
            and not event["step"]
            and all(event[key] == last[key] for key in ("step", "name", "sentence", "properties"))
        ):
            last["times"] += 1
            last["until"] = event["at"]
        else:
            lines.append(event | {"times": 1, "until": None})
    return lines


def _event(each: Json) -> Json:
    properties = [(name.replace("_", " "), value) for name, value in each["properties"].items()]
    return {
        "at": datetime.fromisoformat(each["at"]),
        "name": name_words(each["event"]),
        "step": each.get("step"),
        "sentence": each["sentence"],
        "properties": properties,
    }


def _entry(each: Json) -> Json:
    return {
        "at": datetime.fromisoformat(each["entered_at"]),
        "reached": each["reached"],
        "stands": each["stands"],
        "ended": ENDED[each["ended"]],
        "until": datetime.fromisoformat(each["until"]) if each["until"] else None,
    }


def csv_rows(answer: Json) -> list[list[Any]]:
    """The events as a file: times as ISO 8601 in UTC."""
    head: list[list[Any]] = [["at", "event", "verdict", "step", "reason", "sentence"]]
    return head + [
        [each["at"], each["event"], each["verdict"], each.get("step", ""), each.get("reason", ""), each["sentence"]]
        for each in answer["events"]
    ]
