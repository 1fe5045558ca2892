"""What the doctor looks at without opening the tables: the directory, the disk, the clock, the port, the processes."""

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fullfunnel.cli.doctor.findings import Finding
from fullfunnel.config.processes import lanes
from fullfunnel.core import clock, worker
from fullfunnel.core.directory import SIGN_IN_OF_DEMO, may_send, reason_not_to_open
from fullfunnel.core.lease import Lease

Look = Callable[[Path], Finding]
LEAST_FREE = 1_000_000_000
SLOWEST_SYNC = 0.5
EARLIEST_YEAR = 2024


def directory(data: Path) -> Finding:
    if not data.exists():
        return Finding(
            "directory",
            False,
            f"{data} is not there",
            "name the right one with --data-dir, or run `fullfunnel serve` to make it",
        )
    if reason := reason_not_to_open(data):
        return Finding("directory", False, reason, "use the program that wrote it")
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        return Finding("directory", False, f"{data} cannot be written by this user", f"chown -R $(id -un) {data}")
    return Finding("directory", True, f"{data}, format {format_of(data)}")


def format_of(data: Path) -> str:
    file = data / "format"
    return (file.read_text(encoding="utf-8").strip() if file.exists() else "") or "not marked yet"


def permissions(data: Path) -> Finding:
    """The secret key and the personal data are for the owner only."""
    open_to_others = [
        path for path in (data / "secret_key", data / SIGN_IN_OF_DEMO) if path.exists() and path.stat().st_mode & 0o077
    ]
    if data.stat().st_mode & 0o007:
        open_to_others.insert(0, data)
    if not open_to_others:
        return Finding("permissions", True, "only the owner can read it")
    names = " ".join(map(str, open_to_others))
    return Finding("permissions", False, f"other users of this machine can read {names}", f"chmod o-rwx,g-rwx {names}")


def space(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    said = f"{free / 1_000_000_000:,.1f} GB free"
    mend = "make room, or move the directory: a backup restored elsewhere is a whole copy"
    return Finding("disk space", free >= LEAST_FREE, said, mend)


def synced(data: Path) -> Finding:
    """Writes and fsyncs a small file: every acknowledgement waits for this."""
    probe = data / f"doctor.{os.getpid()}"
    try:
        began = time.perf_counter()
        with probe.open("wb") as file:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        seconds = time.perf_counter() - began
    except OSError as error:
        return Finding(
            "fsync",
            False,
            f"writing failed: {error.strerror}",
            "look at the disk (dmesg), then at its space and quotas",
        )
    finally:
        probe.unlink(missing_ok=True)
    said = f"4 kB are on the disk after {seconds * 1000:,.1f} ms"
    return Finding(
        "fsync", seconds <= SLOWEST_SYNC, said, "the disk is slow or busy: clients wait this long for each answer"
    )


def databases(data: Path) -> Finding:
    checked = []
    for name in ("main.db", "journal.db"):
        if not (data / name).exists():
            continue
        try:
            with closing(sqlite3.connect(f"file:{data / name}?mode=rw", uri=True, timeout=10)) as connection:
                found = str(connection.execute("PRAGMA quick_check").fetchone()[0])
        except sqlite3.Error as error:
            found = str(error)
        if found != "ok":
            return Finding("databases", False, f"{name}: {found}", "stop the server and restore the latest backup")
        checked.append(name)
    return Finding("databases", True, f"{' and '.join(checked)} sound" if checked else "none yet")


def clocks(data: Path) -> Finding:
    now = clock.now()
    newest = max((path.stat().st_mtime for path in data.iterdir()), default=0.0)
    mend = "set the machine's clock (timedatectl set-ntp true)"
    if now.year < EARLIEST_YEAR:
        return Finding("clock", False, f"it says {now:%Y-%m-%d}", mend)
    if newest - now.timestamp() > 60:
        ahead = clock.from_us(int(newest * 1_000_000))
        return Finding(
            "clock", False, f"it says {now:%Y-%m-%d %H:%M}Z, but files here were written {ahead:%Y-%m-%d %H:%M}Z", mend
        )
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return Finding("clock", False, "time zones are unknown", "reinstall: the package tzdata is missing")
    return Finding("clock", True, f"{now:%Y-%m-%d %H:%M}Z, time zones known")


def restored(data: Path) -> Finding:
    mend = "when the original no longer runs: fullfunnel restore --confirm"
    if may_send(data):
        return Finding("sending", True, "this copy may send")
    return Finding("sending", False, "this is a restored copy; it sends nothing yet", mend)


def processes(data: Path) -> Finding:
    if not Lease(data / "serve.lock").is_held():
        return Finding("server", True, "none runs on this directory")
    # Signs of life from before the server started say nothing about it.
    age = abs(clock.now().timestamp() - (data / "serve.lock").stat().st_mtime)
    silent = {lane: min(age, worker.silence(data, lane)) for lane in lanes()}
    late = [f"{lane} for {seconds:,.0f} s" for lane, seconds in silent.items() if seconds > worker.LATE_AFTER[lane]]
    if late:
        said = f"the server runs, but lanes of ticks gave no sign of life: {', '.join(late)}"
        return Finding("server", False, said, "restart it; if that does not help, its log says which tick fails")
    return Finding("server", True, f"it runs, and so do its lanes of ticks: {', '.join(silent)}")


def port(data: Path, number: int) -> Finding:
    from fullfunnel.cli.serve import reason_not_to_listen

    if Lease(data / "serve.lock").is_held() or (reason := reason_not_to_listen("127.0.0.1", number)) is None:
        return Finding("port", True, f"{number} is free, or our own server's")
    return Finding("port", False, reason, "stop the other program, or use another --port")


# Where one of these is not well, nothing behind it can be looked at.
NEEDED: list[Look] = [directory, synced, databases]
FURTHER: list[Look] = [permissions, space, clocks, restored, processes]
