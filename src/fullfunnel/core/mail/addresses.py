"""Addresses and lines that stand in the head of a mail. Free of Django."""

import re

# RFC 5321 without quoted local parts, comments and addresses by number: nothing here can name a second recipient.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_address(text: str) -> str | None:
    """Return the text as the one address that it is, its host in ASCII; None: it is none, or could be read as two."""
    local, at, host = text.strip().rpartition("@")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return None
    right = at and _LOCAL.fullmatch(local) and _HOST.fullmatch(host) and len(local) <= 64 and len(local + host) < 254
    return f"{local}@{host.lower()}" if right else None


def is_host(text: str) -> bool:
    """Whether this is the name of a host, or an IPv4 address."""
    return len(text) <= 253 and bool(_HOST.fullmatch(text))


def one_line(text: str, most: int = 300) -> str:
    """Return the text without line breaks, control characters and halves of letters, at most so many characters long."""
    whole = text.encode("utf-8", "replace").decode("utf-8", "replace")
    return " ".join(_UNSEEN.sub(" ", whole).split())[:most].strip()
