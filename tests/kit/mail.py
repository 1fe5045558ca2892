"""A real SMTP server on loopback, which keeps what it is given and answers as it is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.kit.server import free_port


class Sink:
    """mails: (recipients, message) in order. says: command ("RCPT", "DATA") -> the answer instead of 250."""

    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.raw: list[bytes] = []
        self.says: dict[str, str] = {}
        self.port = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if answer := self.says.get(address) or self.says.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.raw.append(envelope.original_content)
        message = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append((list(envelope.rcpt_tos), message))
        return self.says.get("DATA", "250 2.0.0 queued as 4711")

    @property
    def texts(self) -> list[str]:
        """The text of each mail."""
        return [message.get_content().replace("\r\n", "\n") for _, message in self.mails]


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """Run a sink while the block does."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        sink.port = controller.port
        yield sink
    finally:
        controller.stop()


def set_up_mail(port: int, **further: Any) -> None:
    """Keep a relay at this port of loopback as the installation's."""
    from fullfunnel.core.mail.models import MailServer
    from fullfunnel.core.mail.servers import ServerSaid, keep_server

    said: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "username": "", "password": ""}
    said |= {"sender_name": "Halden", "sender_address": "office@halden.example"} | further
    assert isinstance(keep_server(ServerSaid(**said), links_to="http://localhost:8000"), MailServer)


def send_all() -> None:
    """Let the sender hand over all that is due."""
    from fullfunnel.core.mail.sending import send_due

    while send_due():
        pass
