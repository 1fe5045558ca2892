"""Write moments in the current zone (the workspace's)."""

from datetime import datetime

from django.utils import timezone

from fullfunnel.core import clock
from fullfunnel.core.numbers import NBSP


def when(moment: datetime) -> str:
    """Write a moment in full, with its zone."""
    local = timezone.localtime(clock.shown(moment))
    return f"{local.day} {local:%b %Y, %H:%M %Z}"


def ago(moment: datetime) -> str:
    """Write "just now", "3 min ago", "in 5 d"; a date beyond 30 days."""
    seconds = (clock.now() - moment).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    if abs(seconds) > 30 * 86_400:
        local = timezone.localtime(clock.shown(moment))
        return f"{local.day} {local:%b %Y}"
    size, unit = next((s, u) for s, u in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")) if abs(seconds) >= s)
    said = f"{int(abs(seconds) // size)}{NBSP}{unit}"
    return f"{said} ago" if seconds > 0 else f"in {said}"
