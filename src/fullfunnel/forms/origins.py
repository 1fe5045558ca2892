"""The sites that may frame a form. Pure."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")


def origin_of(text: str) -> str:
    """Return the origin that somebody wrote ("www.example.com" is https), as a browser spells it; "" for none."""
    text = text.strip().lower().rstrip("/")
    parts = urlsplit(text if "://" in text else f"https://{text}")
    known = parts.scheme in ("https", "http") and not parts.path and not parts.query and not parts.fragment
    return f"{parts.scheme}://{parts.netloc}" if known and _HOST.fullmatch(parts.netloc) else ""
