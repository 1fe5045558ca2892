"""Django (WSGI) in threads. A thread is taken when a request's body is whole, and is free before the client reads the answer.

What is large lies in a file without a name in the data directory's tmp/ meanwhile.
"""

import asyncio
import re
import tempfile
from contextlib import suppress
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, cast

import orjson
from a2wsgi import WSGIMiddleware
from django.conf import settings

from fullfunnel.config.doors import Application, Receive, Scope, Send
from fullfunnel.config.wiring import LARGE_BODIES
from fullfunnel.core.bodies import MIB, Bodies, Limits, NotRead, too_large
from fullfunnel.core.headers import OF_BARE_ANSWERS, scheme_of, sender_network
from fullfunnel.core.resource_errors import resource_error

LIMITS = Limits(seconds=30, most_held=256 * MIB, most_held_of_one=64 * MIB)
# Bytes that stay in memory. Of answers more, so that pages need no room on a full disk.
MOST_IN_MEMORY, MOST_OF_ANSWER_IN_MEMORY = 64 * 1024, 256 * 1024
# An answer is sent in pieces, and the client has so many seconds for each.
PIECE, SECONDS_TO_READ = 64 * 1024, 30
SECONDS_TO_HEAR, PAUSE_TO_HEAR = 5, 0.5
BODY = "fullfunnel body"


def behind(django: Any, limits: Limits = LIMITS) -> Application:
    """Return Django as an ASGI application."""
    pages = WSGIMiddleware(with_body(django), workers=settings.WEB_THREADS)
    bodies = Bodies(limits)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        most = most_bytes(scope["path"])
        with spool(scope) as body, bodies.place(sender_network(scope), most=most) as place:
            if refused := await read(scope, receive, body, place):
                await refuse(scope["path"], refused, send, receive)
                return
            with Kept() as kept:
                await pages(cast(Any, asked(scope, body)), nothing_more, cast(Any, kept.keep))
                if kept.failure:
                    await refuse(scope["path"], no_room(kept.failure), send)
                else:
                    await kept.send(send)

    return application


def most_bytes(path: str) -> int:
    """Return how large a body for this path may be: files that members give go where wiring.LARGE_BODIES says."""
    large = (most for pattern, most in LARGE_BODIES.items() if re.fullmatch(pattern, path))
    return max(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, *large, 0)


def with_body(django: Any) -> Any:
    """Return the WSGI application that reads its body from the file that the front filled."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"] = environ["asgi.scope"][BODY]
        return django(environ, start_response)

    return application


async def nothing_more() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


def spool(scope: Scope) -> IO[bytes]:
    if not has_body(scope):
        return BytesIO()
    return aside(MOST_IN_MEMORY)


def aside(most_in_memory: int) -> IO[bytes]:
    return cast(IO[bytes], tempfile.SpooledTemporaryFile(most_in_memory, dir=str(settings.DATA_DIR / "tmp")))


def has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )


async def read(scope: Scope, receive: Receive, body: IO[bytes], place: Any) -> NotRead | None:
    """Fill `body`; return why not."""
    if not has_body(scope):
        return None
    length = dict(scope["headers"]).get(b"content-length", b"")
    if length.isdigit() and int(length) > place.most:
        return too_large(place.most)
    try:
        refused: NotRead | None = await place.read(receive, body.write)
    except OSError as error:
        return no_room(error)
    return refused


def no_room(error: OSError) -> NotRead:
    """Return the refusal for a full disk. Raise what is another fault."""
    if reason := resource_error(error):
        return NotRead(503, reason, 60)
    raise error


def asked(scope: Scope, body: IO[bytes]) -> Scope:
    """Return the scope as Django is to see it, with the true length of the body, which a chunked one does not announce."""
    headers = scope["headers"]
    if has_body(scope):
        length = body.tell()
        body.seek(0)
        headers = [pair for pair in headers if pair[0] not in (b"content-length", b"transfer-encoding")]
        headers.append((b"content-length", b"%d" % length))
    # Careful: a2wsgi decodes the query as ASCII and fails on anything else.
    query = scope["query_string"]
    if not query.isascii():
        query = "".join(chr(b) if b < 128 else f"%{b:02X}" for b in query).encode()
    return {**scope, "headers": headers, "query_string": query, "scheme": scheme_of(scope), BODY: body}


async def refuse(path: str, refused: NotRead, send: Send, receive: Receive | None = None) -> None:
    """Answer why a body was not read, and close: what is left of it would be taken for the next request.

    With `receive`, what is still sent is thrown away meanwhile: whoever sends into a closed connection hears no answer.
    """
    if path.startswith("/api/"):
        kind, told = b"application/json", orjson.dumps({"error": {"field": "", "message": refused.sentence}})
    else:
        kind = b"text/plain; charset=utf-8"
        told = f"{HTTPStatus(refused.status).phrase}: {refused.sentence}.\n".encode()
    headers = [*OF_BARE_ANSWERS, (b"content-type", kind), (b"content-length", b"%d" % len(told))]
    headers.append((b"connection", b"close"))
    if refused.retry_after:
        headers.append((b"retry-after", b"%d" % refused.retry_after))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    # The connection is closed as soon as the last byte is out.
    await send({"type": "http.response.body", "body": told[:-1], "more_body": True})
    if receive is not None and refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        await throw_away(receive)
    await send({"type": "http.response.body", "body": told[-1:]})


async def throw_away(receive: Receive) -> None:
    """Take the rest of a body, for some seconds and until it pauses."""
    loop = asyncio.get_running_loop()
    last = loop.time() + SECONDS_TO_HEAR
    with suppress(TimeoutError):
        async with asyncio.timeout(PAUSE_TO_HEAR) as timeout:
            while (await receive()).get("more_body"):
                timeout.reschedule(min(last, loop.time() + PAUSE_TO_HEAR))


class Kept:
    """An answer, kept until it is whole: a client that reads slowly then holds up no thread."""

    def __init__(self) -> None:
        self.start: Any = None
        self.body = aside(MOST_OF_ANSWER_IN_MEMORY)
        self.failure: OSError | None = None

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, *_: object) -> None:
        self.body.close()

    async def keep(self, message: Any) -> None:
        # Careful: an error raised here would leave the thread waiting for ever.
        try:
            if message["type"] == "http.response.start":
                self.start = message
            elif not self.failure:
                self.body.write(message.get("body", b""))
        except OSError as error:
            self.failure = error

    async def send(self, send: Send) -> None:
        """Send it in pieces. Give up when the client takes one too slowly: what is missing ends the connection."""
        left = self.body.tell()
        self.body.seek(0)
        await send(self.start)
        try:
            while True:
                piece = self.body.read(PIECE)
                left -= len(piece)
                async with asyncio.timeout(SECONDS_TO_READ):
                    await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
                if left <= 0:
                    return
        except TimeoutError:
            return
