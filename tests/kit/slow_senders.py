"""Clients that send slowly or never end, each kind as a stranger could, with the csrf cookie that makes Django read a form."""

import select
import socket
import threading
from collections import Counter
from types import TracebackType

_POST = "POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken={token}\r\n"
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
# Kind -> (what is sent at once, what is sent each second).
KINDS = {
    "idle after half a body": (_POST + _FORM + "Content-Length: 1000\r\n\r\nusername=", ""),
    "a byte a second": (_POST + _FORM + "Content-Length: 1000\r\n\r\n", "x"),
    "a body announced and never begun": (_POST + _FORM + "Content-Length: 1000\r\n\r\n", ""),
    "chunks without an end": (_POST + _FORM + "Transfer-Encoding: chunked\r\n\r\n5\r\nusern\r\n", "1\r\nx\r\n"),
    "headers without an end": (_POST, "X"),
}


class SlowSenders:
    """Opens connections, a kind after the other, and holds them for the length of a block.

    `addresses`: how many senders they seem to be, behind a proxy on this machine; 0: one, without a proxy.
    """

    def __init__(
        self,
        port: int,
        count: int,
        *,
        kinds: tuple[str, ...] = tuple(KINDS),
        addresses: int = 0,
        path: str = "/sign-in/",
    ) -> None:
        self.port, self.count, self.kinds, self.addresses, self.path = port, count, kinds, addresses, path
        self.connections: dict[socket.socket, str] = {}
        self.answers: Counter[tuple[str, int]] = Counter()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> "SlowSenders":
        for number in range(self.count):
            kind = self.kinds[number % len(self.kinds)]
            begin = KINDS[kind][0].format(path=self.path, token="x" * 32)
            if self.addresses:
                forwarded = f"X-Forwarded-For: 198.51.100.{number % self.addresses}\r\n"
                begin = begin.replace("Cookie:", forwarded + "Cookie:")
            connection = socket.create_connection(("127.0.0.1", self.port), timeout=150)
            connection.sendall(begin.encode())
            self.connections[connection] = kind
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        for connection in self.connections:
            connection.close()

    def _go_on(self) -> None:
        """Send what is due each second, and note what is answered: (kind, status), 0 where it was closed without a word."""
        while not self._over.wait(1):
            poll = select.poll()
            by_number = {connection.fileno(): connection for connection in self.connections}
            for number in by_number:
                poll.register(number, select.POLLIN)
            for number, _ in poll.poll(0):
                self._note(by_number[number])
            for connection, kind in self.connections.items():
                try:
                    connection.sendall(KINDS[kind][1].encode())
                except OSError:
                    continue

    def _note(self, connection: socket.socket) -> None:
        try:
            told = connection.recv(65536)
        except OSError:
            told = b""
        self.answers[self.connections.pop(connection), int(told[9:12] or 0)] += 1
        connection.close()

    def left(self, kind: str) -> int:
        """Return how many of a kind are still connected."""
        return list(self.connections.values()).count(kind)
