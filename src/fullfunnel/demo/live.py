"""After the demo's last day: a visitor every few seconds, so that the live pages have something to show."""

import secrets
import threading
from datetime import timedelta
from random import Random
from typing import Any

from fullfunnel.core import clock
from fullfunnel.demo import plan
from fullfunnel.demo.deliver import Door
from fullfunnel.demo.halden_forms import NO_FORMS, Forms
from fullfunnel.demo.story import tell
from fullfunnel.demo.teller import WEB


def visitor(rng: Random, number: int, forms: Forms) -> list[dict[str, Any]]:
    """The calls of one visit, each with the seconds after its start under "after"."""
    now = clock.now()
    life = plan.newcomer(
        rng.choice(("google_ads", "linkedin", "guides", "guides", "direct")), now - timedelta(days=1), now, rng
    )
    life.number, life.rng, life.first_at, life.until = number, rng, now, now + timedelta(days=1)
    return [call for door, call in tell(life, seed=number, forms=forms) if door == WEB]


def keep_visiting(door: Door, stop: threading.Event, *, forms: Forms = NO_FORMS, seconds_between: float = 4.0) -> None:
    """Sends one page view every few seconds until `stop`; a server that is away for a moment is waited for."""
    rng = Random(secrets.randbits(64))
    under_way: list[list[dict[str, Any]]] = []
    number = clock.now_us()
    while not stop.wait(rng.uniform(0.4, 1.6) * seconds_between):
        number += 1
        if not under_way or rng.random() < 0.6:
            under_way.append(visitor(rng, number, forms))
        visit = rng.choice(under_way)
        call = visit.pop(0)
        call["timestamp"] = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        under_way = [one for one in under_way[-20:] if one]
        try:
            door.post([call])
        except (OSError, RuntimeError):
            # A demo's visitor who finds the door shut goes home.
            continue
