"""Whose password it is, with brakes on guessing: per network, per account, and per browser that signed in before."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest

from fullfunnel.core import clock
from fullfunnel.core.headers import client_network
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.browsers import account_of, known_browser
from fullfunnel.workspaces.guessing import Guesses, one_more, pause
from fullfunnel.workspaces.models import SignInBrake, User

# Whoever it says it is. An office behind one address stays below.
FAILURES_PER_NETWORK = 50
COOL_OFF = timedelta(hours=settings.AXES_COOLOFF_TIME)


@dataclass(frozen=True)
class Paused:
    """No password is looked at for so many seconds."""

    seconds: int


def prove(request: HttpRequest, *, email: str, password: str) -> User | Refused | Paused:
    """Return the user; the same refusal, after the same work, for a wrong password, unknown and deactivated users."""
    email = email.strip().lower()
    browser = known_browser(request, email)
    if not browser and (_too_many_from(request) or not AxesProxyHandler.is_allowed(request, {"username": email})):
        return Paused(int(COOL_OFF.total_seconds()))
    brake = f"browser:{browser}" if browser else f"account:{account_of(email)}"
    if paused := take_try(brake):
        return paused
    user = authenticate(request, username=email, password=password)
    if not isinstance(user, User):
        return Refused("This e-mail address and password do not belong together.")
    SignInBrake.objects.filter(name=brake).update(level=F("level") - 1)
    return user


def is_known_browser(request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
    """Tell django-axes whom not to count (settings.AXES_WHITELIST_CALLABLE)."""
    return bool(known_browser(request, (credentials or {}).get("username", "")))


def _too_many_from(request: HttpRequest) -> bool:
    since = clock.now() - COOL_OFF
    tried = AccessAttempt.objects.filter(ip_address=client_network(request), attempt_time__gt=since)
    return (tried.aggregate(n=Sum("failures_since_start"))["n"] or 0) >= FAILURES_PER_NETWORK


def take_ask(request: HttpRequest, email: str) -> Paused | None:
    """Count somebody who asks for a link, known or not, per network and per address; Paused: nothing is done now."""
    network = account_of(str(client_network(request)))
    return take_try(f"asks-from:{network}") or take_try(f"asks-for:{account_of(email)}")


@transaction.atomic
def take_try(name: str) -> Paused | None:
    """Count a try first, so that many at once are not taken for one."""
    now = clock.now()
    row = SignInBrake.objects.filter(name=name).first() or SignInBrake(name=name, tried_at=now)
    guesses = Guesses(row.level, row.tried_at)
    if (left := pause(guesses, now)) > timedelta(0):
        return Paused(ceil(left.total_seconds()))
    counted = one_more(guesses, now)
    row.level, row.tried_at = counted.level, counted.tried_at
    row.save()
    return None
