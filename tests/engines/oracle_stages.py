"""Stages, person by person and rule by rule, in plain Python: what journeys/stages must say."""

import re
from zoneinfo import ZoneInfo

from fullfunnel.events.conditions import Group, Happening, first_moment
from fullfunnel.journeys.stages.page_kinds import LEFT_OUT, page_pattern, with_pages
from fullfunnel.journeys.stages.rule import LADDER
from fullfunnel.journeys.stages.rules import rules_of

PAUSE = 30 * 60 * 1_000_000
VIEWS = ("page_viewed", "screen_viewed")
OUTCOMES = ("accepted", "rejected", "recycled", "aged_out", "waiting")


def journeys(rows):
    """The journey of each person, with sessions; rows are dicts in order of arrival."""
    found = {}
    for row in sorted(rows, key=lambda row: row["timestamp"]):
        found.setdefault(row["person"], []).append(row)
    for person, own in found.items():
        number, last, told = 0, None, []
        for row in own:
            at = row["timestamp"] * 1_000_000
            did = row.get("actor", "person") == "person"
            if did:
                number += last is None or at - last > PAUSE
                last = at
            texts = {name: str(value) for name, value in row.items() if name not in ("person", "event", "timestamp")}
            told.append((did, Happening(row["event"], at, number if did else -1, texts)))
        found[person] = told
    return found


def moment(clause, journey, zone, not_before=None):
    if isinstance(clause, Group):
        parts = [moment(one, journey, zone, not_before) for one in clause.of]
        if clause.op == "any":
            return min((one for one in parts if one is not None), default=None)
        return None if None in parts else max(parts)
    return first_moment(clause, journey, zone, not_before=not_before)


def counted(journey, reversal):
    """Without pages that are left out, and without orders that were refunded in full (no amounts here)."""
    left_out = re.compile(page_pattern(LEFT_OUT, {}))
    kept = [one for one in journey if not (one.name in VIEWS and left_out.match(one.properties.get("path", "")))]
    if reversal is None:
        return kept
    back = {one.properties.get(reversal.property) for one in kept if one.name == reversal.by} - {None}
    return [one for one in kept if one.name != reversal.event or one.properties.get(reversal.property) not in back]


def moves(rows, sells, zone):
    """{person: ([moment of each stage by its own rule], [moment reached], prospect)}"""
    rules = rules_of(sells)
    found = {}
    for person, told in journeys(rows).items():
        journey = counted([one for _, one in told], rules.reversal)
        own = {}
        for stage in (*rules.stages, *([rules.prospect] if rules.prospect else [])):
            at = [moment(with_pages(stage.rule, {}), journey, zone)]
            after = own.get(stage.late_after)
            if stage.late and after is not None:
                at.append(moment(stage.late, journey, zone, after + stage.late_by))
            own[stage.name] = min((one for one in at if one is not None), default=None)
        ladder = [own[name] for name in LADDER]
        reached = [min((one for one in ladder[at:] if one is not None), default=None) for at in range(len(LADDER))]
        active = max((one.at for did, one in told if did and one in journey), default=None)
        found[person] = (ladder, reached, own.get("prospect"), active, ended(journey, rules.former))
    return found


def ended(journey, former):
    """When somebody is no customer any more; None: not."""
    bought = max((one.at for one in journey if former and one.name in former.bought), default=None)
    over = max((one.at for one in journey if former and one.name in former.by), default=None)
    if bought is None or (over is not None and over > bought):
        return None if bought is None else over
    return bought + former.silence if former.silence is not None else None


def stands_in(one, rules, until):
    """The place of the stage in which somebody stands, None for nowhere."""
    there = [at for at in one[1] if at is not None]
    if not there or (one[4] is not None and one[4] <= until):
        return None
    last = max([*there, *([] if one[3] is None else [one[3]])])
    return max(len(there) - 1 - max(until - last, 0) // rules.silence, 0)


def marketing(rows, sells, timezone, start, end, until):
    """The rows of `marketing` without times between stages."""
    found, rules = moves(rows, sells, ZoneInfo(timezone)), rules_of(sells)
    told = []
    for at, stage in enumerate(LADDER):
        here = [one for one in found.values() if one[1][at] is not None and start <= one[1][at] < end]
        on = [one for one in here if at + 1 < len(LADDER) and one[1][at + 1] is not None]
        rest = [one for one in here if one not in on]
        quiet = [one for one in rest if one[3] is None or until - one[3] > rules.silence]
        skipped = [one for one in here if one[0][at] is None or one[0][at] > one[1][at]]
        now = [one for one in here if stands_in(one, rules, until) == at]
        counts = [len(here), len(skipped), len(on), len(rest) - len(quiet), len(quiet), len(now)]
        names = ["people", "skipped", "went_on", "pending", "lost", "now"]
        told.append({"stage": stage, **dict(zip(names, counts, strict=True))})
    return told


def prospects(rows, sells, timezone, start, end):
    found = moves(rows, sells, ZoneInfo(timezone))
    return sum(one[2] is not None and start <= one[2] < end for one in found.values())


def ledger(rows):
    """{hand-over: (when, outcome)}: each by its lead_id, or one after the other of a person."""
    made, waiting = {}, {}
    for row in sorted(rows, key=lambda row: row["timestamp"]):
        event, at, lead = row["event"], row["timestamp"] * 1_000_000, row.get("lead_id")
        if not event.startswith("lead_"):
            continue
        key = ("id", lead) if lead else None
        own = list(waiting.setdefault(row["person"], []))
        if event == "lead_handed_over":
            if lead and key not in made:
                made[key] = [at, "waiting"]
            elif not lead and not any(made[one][1] == "waiting" for one in own):
                key = ("nth", row["person"], len(own))
                made[key] = [at, "waiting"]
                waiting[row["person"]].append(key)
            continue
        is_reopening = event == "lead_reopened"
        may = [key] if lead and key in made else [] if lead else own
        may = [one for one in may if (made[one][1] != "waiting") == is_reopening]
        if may:
            made[may[-1]][1] = "waiting" if is_reopening else event.removeprefix("lead_")
    return made
