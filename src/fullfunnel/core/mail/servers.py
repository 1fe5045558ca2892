"""The relay's row: kept, read, taken away."""

from dataclasses import dataclass

from django.conf import settings

from fullfunnel.core import clock
from fullfunnel.core.mail.addresses import is_host, one_address, one_line
from fullfunnel.core.mail.models import MailServer, Security
from fullfunnel.core.mail.sealing import seal, unseal
from fullfunnel.core.mail.smtp import Relay
from fullfunnel.core.refused import Refused


@dataclass(frozen=True)
class ServerSaid:
    """What somebody typed. password: "" keeps the one before, where host and name are the same."""

    host: str
    port: int
    security: str
    username: str
    password: str
    sender_name: str
    sender_address: str


def mail_server() -> MailServer | None:
    """Return the relay that is set up, if any."""
    return MailServer.objects.order_by("pk").first()


def keep_server(said: ServerSaid, *, links_to: str) -> MailServer | Refused:
    """Keep the relay, instead of the one before."""
    if refused := wrong_server(said):
        return refused
    before = mail_server()
    is_same = before is not None and (before.host, before.username) == (said.host.strip(), said.username.strip())
    # Careful: a password goes to the host it was typed for, and to no other.
    kept = before.sealed_password if before is not None and is_same and said.username.strip() else ""
    sealed = seal(said.password) if said.password and said.username.strip() else kept
    new = {
        "host": said.host.strip(),
        "port": said.port,
        "security": said.security,
        "username": said.username.strip(),
        "sealed_password": sealed,
        "sender_name": one_line(said.sender_name, 100),
        "sender_address": one_address(said.sender_address),
        "links_to": links_to.rstrip("/"),
        "changed_at": clock.now(),
    }
    row, _ = MailServer.objects.update_or_create(pk=before.pk if before else 1, defaults=new)
    return row


def wrong_server(said: ServerSaid) -> Refused | None:
    """Return what is wrong with the first of these."""
    if not is_host(said.host.strip()):
        return Refused("Write the name of a mail server, like smtp.example.com.", "host")
    if not 1 <= said.port <= 65535:
        return Refused("A port is a number from 1 to 65535; 587 is usual.", "port")
    if said.security not in Security.values:
        return Refused(f"'{said.security[:20]}' is not one of {', '.join(Security.values)}.", "security")
    if any(not sign.isprintable() for sign in said.username + said.password):
        return Refused("Name and password hold no line breaks or control characters.", "username")
    is_here = said.host.strip() in ("localhost", "127.0.0.1")
    if said.security == Security.NONE and said.username.strip() and not is_here:
        return Refused("Without encryption anybody on the way reads the password: choose STARTTLS or TLS.", "security")
    if one_address(said.sender_address) is None:
        return Refused("Write the one address that mails come from, like hello@example.com.", "sender_address")
    return None


def remove_server() -> bool:
    """Take the relay away: from then on nothing is queued. False: there was none."""
    removed, _ = MailServer.objects.all().delete()
    return bool(removed)


def relay_of(server: MailServer) -> Relay | Refused:
    """Return what the transport needs; Refused: the password cannot be read."""
    password = unseal(server.sealed_password) if server.sealed_password else ""
    if password is None:
        return Refused("The password was kept under another secret key: type it again in Settings, Mail.")
    return Relay(server.host, server.port, server.security, server.username, password)


def address_of_links() -> str:
    """Return the address of these pages for links in mails, as configured, else as it was when the server was set up."""
    server = mail_server()
    return settings.BASE_URL or (server.links_to if server else "")
