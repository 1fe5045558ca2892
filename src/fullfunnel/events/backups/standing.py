"""How the backups stand: for the overview, which warns, and the doctor."""

from dataclasses import dataclass
from pathlib import Path

from fullfunnel.core import clock
from fullfunnel.events.backups import plan
from fullfunnel.events.backups.collecting import NoRoomError, Room
from fullfunnel.events.backups.folder import folder_of, nights, reason_against, remembered
from fullfunnel.events.backups.nightly import keeps_backups, zone_and_birth


@dataclass(frozen=True)
class Standing:
    """found: what there is, in words; warning: a sentence when there was none for long, else empty."""

    found: str
    warning: str = ""


def standing(data: Path) -> Standing:
    """Look at the folder of the nightly backups, and at what is remembered."""
    folder = folder_of(data)
    if folder is None:
        return Standing("turned off (FULLFUNNEL_BACKUPS=off)")
    if not keeps_backups(data):
        return Standing("none are made where there is no workspace but the demo's")
    now = clock.now()
    kept = nights(folder)
    last = remembered(data)
    made = [moment for moment in (last.made_at, *(night.made_at for night in kept)) if moment and moment <= now]
    latest = max(made, default=None)
    found = f"{len(kept)} in {folder}" + (
        f", the latest of {latest:%Y-%m-%d %H:%M}Z" if latest else "; none was made yet"
    )
    quiet = now - (latest or zone_and_birth()[1])
    if quiet < plan.LATE_AFTER:
        return Standing(found)
    return Standing(found, f"There has been no backup for {quiet.days} days: {_why(data, folder, last.problem)}.")


def _why(data: Path, folder: Path, problem: str) -> str:
    if reason := reason_against(data, folder):
        return reason
    try:
        Room(folder, plan.LEAVE_FREE).need(0)
    except NoRoomError as error:
        return str(error.strerror)
    return problem or "the program did not run at night; the next comes within minutes of its start"
