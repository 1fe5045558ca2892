"""The addresses that sign in to the demo once: `fullfunnel demo` prints one, and opens another. Only their hashes are kept."""

import hashlib
import json
import secrets
from pathlib import Path

from fullfunnel.core.durable import replace_file

FILE = "demo-welcome"
# The printed one and the one that is opened; older ones end.
MOST = 2


def make_token(data: Path) -> str:
    """Make a token that is good once; the text returned is its only copy."""
    token = secrets.token_urlsafe(18)
    _keep(data, [*_kept(data), _hash(token)][-MOST:])
    return token


def is_good(data: Path, token: str) -> bool:
    """Whether nobody has come by this token yet."""
    return _hash(token) in _kept(data)


def use(data: Path, token: str) -> bool:
    """End a token; False where it was ended before."""
    kept, used = _kept(data), _hash(token)
    if used not in kept:
        return False
    _keep(data, [one for one in kept if one != used])
    return True


def _kept(data: Path) -> list[str]:
    file = data / FILE
    return list(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else []


def _keep(data: Path, hashes: list[str]) -> None:
    replace_file(data / FILE, json.dumps(hashes).encode())


def _hash(token: str) -> str:
    return hashlib.sha256(f"welcome:{token}".encode()).hexdigest()
