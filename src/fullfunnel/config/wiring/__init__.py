"""How the rooms are put together: plain lists in the manner of Django's MIDDLEWARE, one file a list or a few that belong together.

Paths and URL names stand here as text, because nothing here may import a room; tests/test_architecture.py reads them all.
"""

from fullfunnel.config.wiring.api import API
from fullfunnel.config.wiring.doors import DOORS
from fullfunnel.config.wiring.intake import INTAKE
from fullfunnel.config.wiring.kinds import KINDS
from fullfunnel.config.wiring.lanes import LANES, PROCESSES
from fullfunnel.config.wiring.navigation import BOTTOM, NAV, PALETTE
from fullfunnel.config.wiring.on_start import ON_START
from fullfunnel.config.wiring.panels import PERSON_PANELS
from fullfunnel.config.wiring.people import ABOUT_A_PERSON, ON_ERASE, ON_MERGE
from fullfunnel.config.wiring.reactions import ON_EVENT

__all__ = [
    "ABOUT_A_PERSON",
    "API",
    "BOTTOM",
    "DOORS",
    "INTAKE",
    "KINDS",
    "LANES",
    "NAV",
    "ON_ERASE",
    "ON_EVENT",
    "ON_MERGE",
    "ON_START",
    "PALETTE",
    "PERSON_PANELS",
    "PROCESSES",
]
