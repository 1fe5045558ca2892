"""How the rooms are put together: plain lists in the manner of Django's MIDDLEWARE, one file a list or a few that belong together.

Paths and URL names stand here as text, because nothing here may import a room; tests/test_architecture.py reads them all.
"""

from fullfunnel.config.wiring.api import API, ROUTERS
from fullfunnel.config.wiring.commands import COMMANDS
from fullfunnel.config.wiring.datasets import (
    HEARD,
    PAGE_KINDS,
    PEOPLE_WHO,
    SELLERS,
    SPEND,
    SPENDING,
    STAGE_RULES,
    STAGE_RULES_CALLED,
)
from fullfunnel.config.wiring.doors import DOORS, LARGE_BODIES
from fullfunnel.config.wiring.intake import INTAKE
from fullfunnel.config.wiring.kinds import KINDS
from fullfunnel.config.wiring.lanes import LANES, PROCESSES
from fullfunnel.config.wiring.members import ON_ASSIGNED, ON_CALENDARS, WORK_OF_MEMBERS
from fullfunnel.config.wiring.navigation import BOTTOM, NAV, NAV_COUNTS, NAV_OF_SALES, SECTIONS
from fullfunnel.config.wiring.on_start import ON_START
from fullfunnel.config.wiring.panels import COMPANY_PANELS, DEAL_PANELS, PERSON_PANELS, SALES_PANELS
from fullfunnel.config.wiring.people import ROWS_OF_PEOPLE
from fullfunnel.config.wiring.reactions import ON_EVENT
from fullfunnel.config.wiring.shell import BEGIN, BELL, LANDING, NAV_WHERE, PALETTE, SCRIPTS
from fullfunnel.config.wiring.sight import OWNED, SEEN_EXAMPLES
from fullfunnel.config.wiring.words import WORDS
from fullfunnel.config.wiring.workspaces import BEGINNINGS

__all__ = [
    "API",
    "BEGIN",
    "BEGINNINGS",
    "BELL",
    "BOTTOM",
    "COMMANDS",
    "COMPANY_PANELS",
    "DEAL_PANELS",
    "DOORS",
    "HEARD",
    "INTAKE",
    "KINDS",
    "LANDING",
    "LANES",
    "LARGE_BODIES",
    "NAV",
    "NAV_COUNTS",
    "NAV_OF_SALES",
    "NAV_WHERE",
    "ON_ASSIGNED",
    "ON_CALENDARS",
    "ON_EVENT",
    "ON_START",
    "OWNED",
    "PAGE_KINDS",
    "PALETTE",
    "PEOPLE_WHO",
    "PERSON_PANELS",
    "PROCESSES",
    "ROUTERS",
    "ROWS_OF_PEOPLE",
    "SALES_PANELS",
    "SCRIPTS",
    "SECTIONS",
    "SEEN_EXAMPLES",
    "SELLERS",
    "SPEND",
    "SPENDING",
    "STAGE_RULES",
    "STAGE_RULES_CALLED",
    "WORDS",
    "WORK_OF_MEMBERS",
]
