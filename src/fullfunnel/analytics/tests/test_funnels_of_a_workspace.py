"""Random worlds told to a workspace through the journal answer funnels as the same rows in a file do, whatever is counted."""

import json
import random
from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.segments.dataset import dataset_of
from tests.engines.worlds import COMPANIES, LONG, SECOND, SPRING, START, random_pair, random_world
from tests.kit.cast import drain, send

DAY = timedelta(days=1)


def told(server, rows, traits, companies, rng):
    """Sends the rows, each by one of two identities of the person, who are then said to be one."""
    arrivals, begins = [], min(row.at for row in rows) - 86_400 * SECOND
    for person in dict.fromkeys(row.person for row in rows):
        own = {key: value for key, value in traits.get(person, {}).items() if value}
        company = own.pop("company", None)
        identify = {"kind": "identify", "name": "person_identified", "at": begins, "user": person, "company": company}
        arrivals.append(Arrival(**identify, id=f"i-{person}", anonymous=f"{person}-phone", traits=own))
    for name, own in companies.items():
        group = {"kind": "group", "name": "company_identified", "at": begins, "user": "nobody", "company": name}
        arrivals.append(Arrival(**group, id=f"g-{name}", traits=own))
    for number, row in enumerate(rows):
        who = {"user": row.person} if rng.random() < 0.5 else {"anonymous": f"{row.person}-phone"}
        said = {"actor": row.actor, "company": row.company, "deal": row.deal}
        properties = {key: value for key, value in row.properties.items() if value}
        arrivals.append(Arrival(name=row.event, at=row.at, id=f"e{number}", properties=properties, **said, **who))
    # What arrives later lies in the delta of the index.
    send(server, arrivals[: len(arrivals) // 2])
    drain()
    # Half of what came before comes once more, and counts once.
    send(server, [*arrivals[len(arrivals) // 2 :], *arrivals[: len(arrivals) // 2 : 2]])
    drain()


def in_a_file(rows, traits):
    named = [
        {"person": row.person, "event": row.event, "timestamp": clock.from_us(row.at).isoformat(), "actor": row.actor}
        | {"company": row.company, "deal": row.deal, "properties": row.properties}
        for row in rows
    ]
    return dataset_of_rows(named, [{"person": person, "properties": own} for person, own in traits.items()])


def comparable(found):
    """Without the names of people, which are random in a workspace; entries of one moment in any order."""
    if "people" in found:
        found["people"] = sorted(
            json.dumps({**one, "person": ""} if "person" in one else one) for one in found["people"]
        )
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_workspace_answers_as_a_file_does(workspace, server, seed):
    rng = random.Random(seed)
    step = (SECOND, LONG, SECOND)[seed]
    world = random_world(rng, step)
    while len(world.rows) < 15 or len({row.deal for row in world.rows}) < 3:
        world = random_world(rng, step)
    rows = [row for row in world.rows if row.event != "trait_changed"]
    # Who has no company gets, in a file, that of the latest event.
    traits = {person: {"company": COMPANIES[0], **world.traits.get(person, {})} for person in world.names}
    now = clock.from_us(max(row.at for row in rows))
    with clock.frozen(now):
        told(server, rows, traits, {name: {"size": "10"} for name in COMPANIES}, rng)
        file, asked, reached = in_a_file(rows, traits), 0, 0
        while asked < 60:
            _, question = random_pair(rng)
            question |= {"count": rng.choice(["people", "entries", "companies", "deals"]), "window": None}
            question["period"] = {
                "from": clock.from_us(SPRING if step == LONG else START).isoformat(),
                "timezone": "Europe/Berlin",
            }
            if (
                "person_then" in json.dumps(question)
                or '"*"' in json.dumps(question)
                or question.get("breakdown", {}).get("of") == "company"
            ):
                continue
            asked += 1
            shows = [{}, {"show": "trend", "by": rng.choice(["hour", "day", "week"])}, {"show": "people", "step": 1}]
            for show in shows:
                said, meant = (answer(question | show, one) for one in (dataset_of(workspace), file))
                assert comparable(said) == comparable(meant), question | show
            reached += said["total"]
    assert reached > 20
