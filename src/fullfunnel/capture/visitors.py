"""Visitors without a cookie: who comes twice in a day is one, and nobody can tell on the next (docs/adr/0078).

The day's salt is a file that every process reads. It is the only secret: once it is gone, the day's ids say nothing about anybody.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from fullfunnel.core import clock
from fullfunnel.core.durable import sync, write_new
from fullfunnel.core.headers import network_of

SALT_BYTES = 32
PREFIX = "salt."
FRESH = "salt.fresh."


def day_id(data: Path, source_id: int, ip: str, user_agent: str) -> str:
    """The id of whoever has this address and browser at this source today (UTC): 32 hexadecimal digits."""
    said = f"{source_id}\0{network_of(ip)}\0{user_agent}"
    return hmac.new(_salt(data), said.encode(errors="replace"), hashlib.sha256).hexdigest()[:32]


def forget_salts(data: Path) -> None:
    """Destroys the salts of other days."""
    for path in data.glob(f"{PREFIX}*"):
        if path.name.startswith(FRESH):
            # Careful: never emptied. It may become today's at this moment; the name of a day is emptied, whoever else names the file.
            path.unlink(missing_ok=True)
        elif path.name != _name():
            _destroy(path)


def _name() -> str:
    return f"{PREFIX}{clock.now():%Y-%m-%d}"


def _salt(data: Path) -> bytes:
    """Today's, made by whoever needs it first. It is read each time, so that no process keeps yesterday's in memory."""
    path = data / _name()
    try:
        if len(salt := path.read_bytes()) == SALT_BYTES:
            return salt
        # A power cut left it without its content: such ids could be guessed.
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    fresh = data / f"{FRESH}{os.getpid()}.{secrets.token_hex(4)}"
    try:
        write_new(fresh, secrets.token_bytes(SALT_BYTES))
        # Careful: another process may be as fast; the first link wins, and both read the same salt.
        os.link(fresh, path)
        sync(data)
    except FileExistsError:
        pass
    except FileNotFoundError:
        # The worker cleared it away.
        return _salt(data)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()


def _destroy(path: Path) -> None:
    try:
        # Best effort: a disk may keep what was overwritten somewhere else.
        with path.open("r+b") as file:
            file.write(bytes(SALT_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
