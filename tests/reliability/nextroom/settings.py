"""The settings of a version that brings one room more."""

from fullfunnel.config.settings import *  # noqa: F403
from fullfunnel.config.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.reliability.nextroom"]
# A test holds the lock, and need not wait for long.
DATABASES["default"]["OPTIONS"]["timeout"] = 0.5  # type: ignore[index]
