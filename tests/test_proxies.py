"""Caddy and nginx in front, set up as docs/operations.md says: the client's address and scheme, sizes and times."""

import base64
import http.client
import os
import re
import socket
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from fullfunnel.journeys.deadline import MAX_SECONDS
from tests.kit import needs
from tests.kit.server import Server, free_port, running, until
from tests.kit.shared import ROOT

HOST = "funnel.example.com"
DOCUMENT = (ROOT / "docs" / "operations.md").read_text()
EIGHT_MIB = 8 * 1024 * 1024
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; user {user};
events {{}}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{site} }}
"""


def snippet(kind: str) -> str:
    """What the document says, by the name of its fence."""
    found = re.findall(rf"```{kind}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert len(found) == 1
    return str(found[0])


def nginx_command(folder: Path, port: int, backend: int) -> list[str]:
    site = snippet("nginx").replace("127.0.0.1:8000", f"127.0.0.1:{backend}")
    site = re.sub(r"listen \[::\]:\S+( ssl http2)?;", "", site)
    site = site.replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace(
        "listen 80;", f"listen 127.0.0.1:{free_port()};"
    )
    site = re.sub(r"/etc/letsencrypt/live/\S+/fullchain.pem", f"{folder}/cert.pem", site)
    site = re.sub(r"/etc/letsencrypt/live/\S+/privkey.pem", f"{folder}/key.pem", site)
    user = "root" if os.geteuid() == 0 else "nobody"
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=user, site=site))
    return [needs.program("nginx"), "-c", f"{folder}/nginx.conf", "-p", str(folder), "-e", f"{folder}/error.log"]


def caddy_command(folder: Path, port: int, backend: int) -> list[str]:
    site = snippet("caddyfile").replace("127.0.0.1:8000", f"127.0.0.1:{backend}")
    site = site.replace(
        f"{HOST} {{", f"{HOST}:{port} {{\n\tbind 127.0.0.1\n\ttls {folder}/cert.pem {folder}/key.pem", 1
    )
    site = site.replace("{\n", "{\n\tadmin off\n\tauto_https disable_redirects\n", 1)
    (folder / "Caddyfile").write_text(site)
    return [needs.program("caddy"), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]


COMMANDS = {"nginx": nginx_command, "caddy": caddy_command}


class Proxy:
    """A web server in front of `server`, which a client asks from an address of this machine that it may choose."""

    def __init__(self, port: int, server: Server) -> None:
        self.port, self.server = port, server

    def connect(self, address: str = "127.0.0.1") -> ssl.SSLSocket:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=150, source_address=(address, 0))
        return trusting.wrap_socket(plain, server_hostname=HOST)

    def ask(
        self, method: str, path: str, body: bytes = b"", address: str = "127.0.0.1", **headers: str
    ) -> http.client.HTTPResponse:
        with self.connect(address) as secure:
            connection = http.client.HTTPConnection("unused")
            connection.sock = secure
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, {"Host": f"{HOST}:{self.port}"} | named)
            response = connection.getresponse()
            response.text = response.read().decode()  # type: ignore[attr-defined]
            return response

    def signs_in(self, password: str, *, address: str, **headers: str) -> http.client.HTTPResponse:
        page = self.ask("GET", "/sign-in/", address=address)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)  # type: ignore[attr-defined]
        assert token
        cookies = "; ".join(each.partition(";")[0] for each in page.headers.get_all("Set-Cookie") or [])
        form = {"email": "alice@halden.example", "password": password, "csrfmiddlewaretoken": token[1]}
        origin = {"Origin": f"https://{HOST}:{self.port}", "Cookie": cookies}
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", "/sign-in/", urlencode(form).encode(), address, **origin, **kind, **headers)


def make_certificate(folder: Path) -> None:
    subprocess.run(
        [needs.program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


@contextmanager
def started(command: list[str], folder: Path, port: int) -> Iterator[None]:
    environment = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "HOME": str(folder)}
    with (folder / "proxy.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: process.poll() is not None or listens(port))
        assert process.poll() is None, (folder / "proxy.log").read_text()
        yield
    finally:
        process.terminate()
        process.wait(20)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


# Caddy weighs too much for CI.
PROXIES = [
    pytest.param("nginx", marks=[pytest.mark.serves, pytest.mark.deep(quick=True)]),
    pytest.param("caddy", marks=[pytest.mark.serves, pytest.mark.deep]),
]


@pytest.fixture(scope="module", params=PROXIES)
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder, port = tmp_path_factory.mktemp(request.param), free_port()
    needs.program(request.param)
    make_certificate(folder)
    url = f"https://{HOST}:{port}"
    with running(folder / "data", FULLFUNNEL_URL=url, FULLFUNNEL_WARM="0") as server:
        server.create_workspace()
        with started(COMMANDS[request.param](folder, port, server.port), folder, port):
            yield Proxy(port, server)


def tries(server: Server) -> set[tuple[str, int]]:
    """(address, wrong passwords) of what is counted."""
    with sqlite3.connect(server.directory / "main.db") as database:
        rows = database.execute("SELECT ip_address, sum(failures_since_start) FROM axes_accessattempt GROUP BY 1")
        return {(str(address), int(count)) for address, count in rows}


def test_pages_know_that_the_browser_speaks_https(proxy):
    page = proxy.ask("GET", "/sign-in/", X_Forwarded_Proto="http")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Secure" in page.headers["Set-Cookie"]
    status, _ = proxy.server.request("GET", "/sign-in/", headers={"Host": "localhost"})
    assert status == 200


def test_somebody_signs_in_and_the_address_of_a_client_is_not_what_it_says(proxy):
    assert proxy.signs_in("correct horse battery", address="127.0.0.9").status == 302
    for n in range(5):
        refused = proxy.signs_in(
            "wrong", address="127.0.0.2", X_Forwarded_For=f"198.51.100.{n}", Forwarded=f"for=198.51.100.{n}"
        )
        assert refused.status == (422 if n < 4 else 429)
    assert tries(proxy.server) == {("127.0.0.2", 5)}
    assert proxy.signs_in("correct horse battery", address="127.0.0.2", X_Forwarded_For="198.51.100.9").status == 429
    assert proxy.signs_in("correct horse battery", address="127.0.0.3").status == 302


def test_what_is_too_large_is_told(proxy):
    fits = proxy.ask("POST", "/sign-in/", b"x" * (EIGHT_MIB - 1000), Content_Type="text/plain")
    assert fits.status == 403
    large = proxy.ask("POST", "/sign-in/", b"x" * (EIGHT_MIB + 1000), Content_Type="text/plain")
    assert (large.status, "8,388,608 bytes" in large.text) == (413, True)
    assert proxy.ask("POST", "/sign-in/", b"x" * 20_000_000, Content_Type="text/plain").status == 413


def test_half_a_body_ends_and_holds_up_nobody(proxy):
    with proxy.connect() as secure:
        began = time.monotonic()
        secure.sendall(
            f"POST /sign-in/ HTTP/1.1\r\nHost: {HOST}:{proxy.port}\r\nContent-Length: 100\r\n\r\nhalf".encode()
        )
        assert proxy.ask("GET", "/sign-in/").status == 200
        secure.settimeout(40)
        answer = secure.recv(1000)
        assert answer == b"" or b" 408 " in answer
        assert 5 < time.monotonic() - began < 38


def test_an_event_keeps_nothing_of_the_header_that_a_client_made_up(proxy):
    """Capture counts senders by address too: one that says another is still the same."""
    key = proxy.server.create_workspace("Other")["write_key"]
    body = b'{"userId": "ada", "event": "Order Completed"}'
    basic = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content_Type": "application/json", "X_Forwarded_For": "198.51.100.7"}
    assert proxy.ask("POST", "/v1/track", body, "127.0.0.4", **headers).status == 200
    with sqlite3.connect(proxy.server.directory / "journal.db") as database:
        addresses = {row[0] for row in database.execute("SELECT ip FROM journal")}
    assert addresses == {"127.0.0.4"}


@pytest.mark.parametrize(("kind", "name"), [("nginx", "proxy_read_timeout"), ("caddyfile", "response_header_timeout")])
def test_the_proxies_wait_for_the_longest_question(kind, name):
    assert int(re.findall(rf"{name} (\d+)s", snippet(kind))[0]) >= MAX_SECONDS + 60
