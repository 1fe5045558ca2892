"""The snippet: /ff.js, the browser's own client, read once and kept compressed."""

import gzip
import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

SOURCE = (Path(__file__).parent / "static" / "capture" / "ff.js").read_bytes()
COMPRESSED = gzip.compress(SOURCE, 9, mtime=0)
ETAG = f'"{hashlib.sha256(SOURCE).hexdigest()[:20]}"'.encode()
HEADERS = [
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"cache-control", b"public, max-age=3600"),
    (b"etag", ETAG),
    (b"vary", b"accept-encoding"),
    (b"access-control-allow-origin", b"*"),
    # Any site may load it: that is what it is for.
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
]


async def serve(scope: MutableMapping[str, Any], send: Callable[[Any], Awaitable[None]]) -> None:
    """GET and HEAD of /ff.js, with ETag and gzip."""
    headers, asked = list(HEADERS), dict(scope["headers"])
    status, body = 200, SOURCE
    if scope["method"] not in ("GET", "HEAD"):
        status, body = 405, b""
        headers.append((b"allow", b"GET, HEAD"))
    elif ETAG in asked.get(b"if-none-match", b""):
        status, body = 304, b""
    elif b"gzip" in asked.get(b"accept-encoding", b""):
        body = COMPRESSED
        headers.append((b"content-encoding", b"gzip"))
    if status != 304:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
