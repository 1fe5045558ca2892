"""The sites that may frame a form, and where one goes after sending. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")
# What urlsplit passes over, and what ends a value in a Content-Security-Policy.
_NEVER = re.compile(r"[\s\x00-\x1f\x7f\\]")


def origin_of(text: str) -> str:
    """Return the origin that somebody wrote ("www.example.com" is https), as a browser spells it; "" for none."""
    text = text.strip().lower().rstrip("/")
    parts = _split(text if "://" in text else f"https://{text}")
    return _origin(parts) if parts and not (parts.path or parts.query or parts.fragment) else ""


def origin_of_page(address: str) -> str:
    """Return the origin of a whole address of a page, as a Content-Security-Policy may name it; "": it is no such address."""
    parts = None if _NEVER.search(address) else _split(address)
    return _origin(parts) if parts else ""


def _split(text: str) -> SplitResult | None:
    """None where it can be no address: a bracket without its other half, a letter that stands for several."""
    try:
        return urlsplit(text)
    except ValueError:
        return None


def _origin(parts: SplitResult) -> str:
    host = parts.netloc.lower()
    try:
        host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return ""
    return f"{parts.scheme}://{host}" if parts.scheme in ("https", "http") and _HOST.fullmatch(host) else ""
