"""A shop's web site with the snippet on its pages, and its visitors in Chromium."""

import http.server
import threading
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import msgspec

BLANK = "<!doctype html><title>{title}</title><h1>{title}</h1>{script}"


class Site:
    """A shop's web site: any path is a page with the snippet. `url`, `csp` and `attributes` are the test's."""

    def __init__(self, capture_port: int, key: str) -> None:
        self.capture = f"http://127.0.0.1:{capture_port}"
        self.key = key
        self.csp = ""
        self.attributes = ""
        self.before = ""
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = site.page(self.path)
                self.send_response(200)
                self.send_header("Content-Type", kind)
                if site.csp:
                    self.send_header("Content-Security-Policy", site.csp)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = ""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def page(self, path: str) -> tuple[str, bytes]:
        from fullfunnel.capture import snippet

        if path == "/ff.js":
            return "text/javascript", snippet.SOURCE
        if path == "/early.js":
            return "text/javascript", b"window.ff=window.ff||function(){(ff.q=ff.q||[]).push(arguments)};" + (
                b"ff('track','Early',{a:1});"
            )
        if path == "/cookieless.js":
            return "text/javascript", b"window.ff=window.ff||function(){(ff.q=ff.q||[]).push(arguments)};" + (
                b"ff('init',{cookieless:true});"
            )
        tag = f'<script async src="/ff.js" data-key="{self.key}" data-host="{self.capture}" {self.attributes}></script>'
        title = path.split("?")[0].strip("/") or "home"
        return "text/html", BLANK.format(title=title, script=self.before + tag).encode()


class Shop:
    def __init__(self, server, site, chromium) -> None:
        from fullfunnel.events.journal import Journal

        self.server, self.site, self.chromium = server, site, chromium
        site.csp = site.attributes = site.before = ""
        self.journal = Journal(Path(server.directory) / "journal.db")
        # A host of its own for each test: what a page of an earlier one says as it goes may still come.
        site.url = f"http://{uuid.uuid4().hex}.localhost:{site.server.server_port}"
        self.errors: list[str] = []
        self.requests: list[str] = []

    @contextmanager
    def visitor(self, init: str = "", **options: str):
        """A page of a new browser context; `options` are Playwright's. Without a user agent of its own Chromium says that it is a bot."""
        context = self.chromium.new_context(locale="de-DE", timezone_id="Europe/Berlin", **options)
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("request", lambda request: "/v1/" in request.url and self.requests.append(request.url))
        try:
            yield page
        finally:
            context.close()

    def arrivals(self, count: int, seconds: float = 300):
        """At least `count` arrivals of this test's visitors, each id once."""
        from fullfunnel.events.event import Arrival

        until = time.monotonic() + seconds
        while True:
            found = {}
            for _, entry in self.journal.read(1, self.journal.last_id()):
                for one in msgspec.json.decode(entry.items, type=list[Arrival]):
                    if one.context["url"].startswith(self.site.url):
                        found.setdefault(one.id, one)
            if len(found) >= count or time.monotonic() > until:
                assert len(found) >= count, [one.name for one in found.values()]
                return list(found.values())
            time.sleep(0.05)
