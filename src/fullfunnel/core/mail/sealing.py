"""Keep a secret that must be read again, under the installation's secret key (docs/adr/0141). Free of the database.

A keystream of HMAC-SHA256 over a random nonce and a counter, then a tag over what came of it: Python has no cipher of its own.
"""

import base64
import hashlib
import hmac
import secrets

from django.conf import settings

_NONCE = _TAG = 32


def seal(text: str) -> str:
    """Return what may be stored of a secret; another text each time."""
    nonce, plain = secrets.token_bytes(_NONCE), text.encode()
    hidden = _mixed(plain, nonce)
    return base64.urlsafe_b64encode(nonce + hidden + _tag(nonce + hidden)).decode()


def unseal(sealed: str) -> str | None:
    """Return the secret; None: it was changed, or sealed under another secret key."""
    try:
        whole = base64.urlsafe_b64decode(sealed.encode())
    except ValueError:
        return None
    body, tag = whole[:-_TAG], whole[-_TAG:]
    if len(whole) < _NONCE + _TAG or not hmac.compare_digest(tag, _tag(body)):
        return None
    return _mixed(body[_NONCE:], body[:_NONCE]).decode()


def _tag(body: bytes) -> bytes:
    return hmac.digest(_key("tag"), body, "sha256")


def _mixed(text: bytes, nonce: bytes) -> bytes:
    key, stream = _key("stream"), b""
    while len(stream) < len(text):
        stream += hmac.digest(key, nonce + len(stream).to_bytes(8, "big"), "sha256")
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _key(use: str) -> bytes:
    return hashlib.sha256(f"fullfunnel.mail.{use}:{settings.SECRET_KEY}".encode()).digest()
