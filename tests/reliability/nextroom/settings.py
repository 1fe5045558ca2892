"""The settings of a version that brings one room more."""

from fullfunnel.config.settings import *  # noqa: F403
from fullfunnel.config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.reliability.nextroom"]
