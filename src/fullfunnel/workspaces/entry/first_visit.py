"""The one-time code of an installation that nobody uses yet: `serve` prints it, only its hash is kept (docs/adr/0143). Free of Django."""

import hashlib
import hmac
import secrets
from pathlib import Path

from fullfunnel.core.durable import replace_file

FILE = "first-visit"
# Without what is read as something else: 0 and O, 1 and I.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 8


def make_code(data: Path) -> str:
    """Make the code, instead of the one before; the text returned is the only copy, like 7K4P-9XMR."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    replace_file(data / FILE, _hash(code).encode())
    return f"{code[:4]}-{code[4:]}"


def code_hash(data: Path) -> str:
    """Return the hash of the code that is good now; "" when there is none."""
    file = data / FILE
    return file.read_text(encoding="utf-8") if file.exists() else ""


def is_code(data: Path, text: str) -> bool:
    """Whether somebody typed the code, with or without its dash, in any case."""
    typed = "".join(letter for letter in text.upper() if letter.isalnum())
    kept = code_hash(data)
    return bool(kept) and hmac.compare_digest(kept, _hash(typed))


def forget_code(data: Path) -> None:
    """End the code: somebody uses the installation now."""
    (data / FILE).unlink(missing_ok=True)


def _hash(code: str) -> str:
    return hashlib.sha256(f"first visit:{code}".encode()).hexdigest()
