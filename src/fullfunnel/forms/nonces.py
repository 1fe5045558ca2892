"""Nonces: each page of a form has one, signed, which names the form, the version and when it was shown. It is good once."""

import secrets
from dataclasses import dataclass

from django.core import signing

from fullfunnel.core import clock

SECOND = 1_000_000
GOOD_FOR = 2 * 3600 * SECOND
# Nobody reads and fills a form in less.
LEAST = 2 * SECOND
_signer = signing.Signer(salt="nonce of a form")


@dataclass(frozen=True)
class Nonce:
    """id: 32 random hexadecimal digits; form: public id; version: number; at: µs."""

    id: str
    form: str
    version: int
    at: int

    @property
    def is_expired(self) -> bool:
        return clock.now_us() - self.at > GOOD_FOR

    @property
    def is_fresh(self) -> bool:
        """Whether the page was shown so shortly before that a program sent it."""
        return clock.now_us() - self.at < LEAST


def new_nonce(form: str, version: int) -> Nonce:
    return Nonce(secrets.token_hex(16), form, version, clock.now_us())


def sealed(nonce: Nonce) -> str:
    """Return the nonce as a page carries it."""
    return _signer.sign_object([nonce.id, nonce.form, nonce.version, nonce.at])


def opened(text: str, form: str) -> Nonce | None:
    """Return the nonce that we sealed for this form; None for anything else."""
    try:
        found = _signer.unsign_object(text[:1000])
    except (signing.BadSignature, ValueError):
        return None
    nonce = Nonce(*found)
    return nonce if nonce.form == form else None
