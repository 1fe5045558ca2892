"""The settings of a version that brings two reactions more: one of each kind."""

from fullfunnel.config.settings import *  # noqa: F403
from fullfunnel.config.wiring import ON_EVENT as OURS

ON_EVENT = [
    *OURS,
    ("fresh", "tests.reliability.mirrors.fresh.on_events", "now"),
    ("filled", "tests.reliability.mirrors.filled.on_events", "beginning"),
]
