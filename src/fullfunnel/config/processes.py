"""The lanes that have ticks, and the processes that run them."""

import json
import os

from fullfunnel.config import wiring

Ticks = list[tuple[str, float, str]]


def lanes() -> dict[str, Ticks]:
    """Return lane -> ticks, as in the wiring."""
    # JSON of the same shape, set by tests.
    further: dict[str, Ticks] = json.loads(os.environ.get("FULLFUNNEL_TEST_TICKS", "{}"))
    every = {lane: [*ticks, *further.get(lane, [])] for lane, ticks in wiring.LANES.items()}
    return {lane: ticks for lane, ticks in every.items() if ticks}


def processes() -> dict[str, list[str]]:
    """Return process -> lanes."""
    there = lanes()
    running = {name: [lane for lane in of if lane in there] for name, of in wiring.PROCESSES.items()}
    return {name: found for name, found in running.items() if found}
