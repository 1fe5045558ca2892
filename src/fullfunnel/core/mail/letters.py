"""A mail as bytes: one recipient, headers of 7 bits, a Message-ID that stays. Free of Django."""

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any

from fullfunnel.core.mail.addresses import one_address, one_line

_PLAIN = re.compile(r"[A-Za-z0-9 .,:;!'-]{0,60}")
# A word of RFC 2047 has at most 75 characters; 45 bytes make 60 of base64.
_BYTES_A_WORD = 45


@dataclass(frozen=True)
class Letter:
    """What is to be written. key: random, the local part of the Message-ID."""

    sender_name: str
    sender: str
    recipient: str
    subject: str
    text: str
    key: str
    at: datetime


class _Encoded(str):
    """A header that is encoded and folded already."""


class _Exact(EmailPolicy):
    """Takes encoded headers as they are: Python's own folding loses spaces between words and makes them too long."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, value) if isinstance(value, _Encoded) else super().header_store_parse(name, value)


_POLICY = _Exact(linesep="\r\n", max_line_length=SMTP.max_line_length, refold_source="none", cte_type="7bit")


def write_letter(letter: Letter) -> bytes:
    """Return the mail as it goes to the server. ValueError: sender or recipient is not exactly one address."""
    sender, recipient = one_address(letter.sender), one_address(letter.recipient)
    if sender is None or recipient is None:
        raise ValueError("a mail has one sender and one recipient")
    message = EmailMessage(policy=_POLICY)
    name = encoded(letter.sender_name)
    message["From"] = _Encoded(f"{name} <{sender}>" if name else sender)
    message["To"] = _Encoded(recipient)
    message["Subject"] = _Encoded(encoded(letter.subject))
    message["Date"] = _Encoded(format_datetime(letter.at))
    message["Message-ID"] = _Encoded(f"<{letter.key}@{sender.rpartition('@')[2]}>")
    # Out-of-office replies to a program help nobody (RFC 3834).
    message["Auto-Submitted"] = _Encoded("auto-generated")
    message.set_content(letter.text.encode("utf-8", "replace").decode("utf-8", "replace"), cte="quoted-printable")
    return message.as_bytes()


def encoded(text: str) -> str:
    """Return a text for a header: as it is where plain and short, else in words of RFC 2047, one a line."""
    line = one_line(text)
    return line if _PLAIN.fullmatch(line) else "\r\n ".join(_words(line))


def _words(line: str) -> list[str]:
    parts, size = [""], 0
    for letter in line:
        taken = len(letter.encode())
        if size + taken > _BYTES_A_WORD:
            parts.append("")
            size = 0
        parts[-1] += letter
        size += taken
    return [f"=?utf-8?B?{base64.b64encode(part.encode()).decode()}?=" for part in parts]
