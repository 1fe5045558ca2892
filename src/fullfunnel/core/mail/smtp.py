"""Speak SMTP with the relay. The gate alone calls this, and nothing else imports smtplib (tests/test_architecture.py)."""

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass

from fullfunnel.core.mail.addresses import one_line
from fullfunnel.core.mail.outcomes import Came, Outcome

# For each step: connecting, a command, an answer.
SECONDS = 15


@dataclass(frozen=True)
class Relay:
    """Where to, and how. security: starttls, tls or none; username "": nobody signs in."""

    host: str
    port: int
    security: str
    username: str
    password: str


def hand_over_by_smtp(letter: bytes, *, sender: str, recipient: str, relay: Relay) -> Outcome:
    """Hand a written mail to the relay, for one recipient; never raises for what networks and servers do."""
    try:
        server = _connected(relay, sender.rpartition("@")[2])
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return Outcome(Came.LATER, _why(error, relay))
    try:
        return _deliver(server, letter, sender, recipient, relay)
    except (OSError, smtplib.SMTPException) as error:
        # Nothing of the mail itself was said yet.
        return Outcome(Came.LATER, _why(error, relay))
    finally:
        # Careful: what the server says to QUIT changes nothing; raised from here it would send the mail again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()
        server.close()


def _connected(relay: Relay, name: str) -> smtplib.SMTP:
    """Return a connection that is encrypted and signed in as the settings say; name: what we call ourselves."""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if relay.security == "tls":
        server = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS, context=context, local_hostname=name)
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS, local_hostname=name)
    try:
        if relay.security == "starttls":
            server.starttls(context=context)
        if relay.username:
            server.login(relay.username, relay.password)
    except BaseException:
        server.close()
        raise
    return server


def _deliver(server: smtplib.SMTP, letter: bytes, sender: str, recipient: str, relay: Relay) -> Outcome:
    server.ehlo_or_helo_if_needed()
    code, text = server.mail(sender)
    if code < 300:
        code, text = server.rcpt(recipient)
    if code >= 300:
        return _answered(code, text, relay)
    try:
        return _answered(*server.data(letter), relay)
    except smtplib.SMTPDataError as error:
        return _answered(error.smtp_code, error.smtp_error, relay)
    except (OSError, smtplib.SMTPException):
        # Careful: it may have taken the mail, and only its answer was lost.
        return Outcome(Came.UNCERTAIN, f"{relay.host} hung up before it said whether it took the mail.")


def _answered(code: int, text: bytes | str, relay: Relay) -> Outcome:
    came = Came.SENT if code < 300 else Came.LATER if code < 500 else Came.REFUSED
    return Outcome(came, _words(code, text, relay))


def _words(code: int, text: bytes | str, relay: Relay) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(f"{relay.host} answered: {code} {plain}", 500)


def _why(error: Exception, relay: Relay) -> str:
    where = f"{relay.host}:{relay.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"The name or the password is wrong. {_words(error.smtp_code, error.smtp_error, relay)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_code, error.smtp_error, relay)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        wanted = "encrypt (STARTTLS)" if relay.security == "starttls" else "let anybody sign in"
        return f"{where} does not {wanted}: choose another kind of encryption, or leave the name empty."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {where} is not good for this name: {one_line(error.verify_message, 200)}."
    if isinstance(error, ssl.SSLError):
        return f"{where} does not speak TLS from the start: try STARTTLS, usual on port 587."
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"There is no host called {relay.host}."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing answers at {where}."
    if isinstance(error, TimeoutError):
        return f"{where} did not answer within {SECONDS} seconds."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"{where} hung up at once: it may want TLS from the start, usual on port 465."
    return f"{where} cannot be reached ({type(error).__name__})."
