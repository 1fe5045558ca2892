"""A mail as bytes, whatever is put into it."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fullfunnel.core.mail.addresses import one_address, one_line
from fullfunnel.core.mail.letters import Letter, write_letter
from fullfunnel.core.mail.sealing import seal, unseal

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
OF_BODY = ["Content-Type", "Content-Transfer-Encoding", "MIME-Version"]


def letter(subject="A lead", text="Hello", name="Halden", recipient="bob@halden.example"):
    at = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
    return Letter(name, "office@halden.example", recipient, subject, text, "0a1b", at)


def test_a_mail_says_who_it_is_from_to_whom_and_which_it_is():
    message = message_from_bytes(write_letter(letter()), policy=default)
    assert message["From"] == "Halden <office@halden.example>"
    assert message["To"] == "bob@halden.example"
    assert message["Message-ID"] == "<0a1b@halden.example>"
    assert message["Date"] == "Mon, 30 Nov 2026 09:05:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content() == "Hello\r\n"


@given(st.text(max_size=200), st.text(max_size=80), st.text(max_size=300))
@example("Grüße 👋 aus Köln " * 12, 'Halden "GmbH" <x@y.z>', "line\r\n.\r\nMAIL FROM:<x@y.z>")
@example("a\r\nBcc: victim@example.com\r\n\r\nbody", "n\x00\nTo: victim@example.com", "\udc80")
def test_no_text_makes_a_header_a_recipient_or_a_line_that_is_too_long(subject, name, text):
    written = write_letter(letter(subject, text, name))
    message = message_from_bytes(written, policy=default)
    assert sorted(message.keys()) == sorted(HEADERS + OF_BODY)
    assert [address.addr_spec for address in message["To"].addresses] == ["bob@halden.example"]
    assert [address.addr_spec for address in message["From"].addresses] == ["office@halden.example"]
    assert message["Subject"] == one_line(subject)
    head, _, _ = written.partition(b"\r\n\r\n")
    assert head.isascii()
    assert b"\0" not in head
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S*\?=", head))
    assert max(map(len, written.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "text",
    [
        "", "bob", "bob@", "@halden.example", "a@b.example, victim@v.example", "a@b.example victim@v.example",
        "a@b.example\r\nRCPT TO:<victim@v.example>", "<a@b.example>", '"a b"@c.example', "a@[127.0.0.1]", "a..b@c.example",
        "a@b_c.example", "x" * 65 + "@b.example", "a@b.example\0", "ä@b.example", "a@-b.example",
    ],
)  # fmt: skip
def test_what_is_not_exactly_one_address_is_none(text):
    assert one_address(text) is None
    with pytest.raises(ValueError, match="one recipient"):
        write_letter(letter(recipient=text))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ada@Halden.Example ", "Ada@halden.example"),
        ("o'neil+crm@mail.example.com", "o'neil+crm@mail.example.com"),
        ("info@grünwald.example", "info@xn--grnwald-o2a.example"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_an_address_is_read_with_its_host_in_ascii(text, address):
    assert one_address(text) == address


@given(st.text(max_size=300).filter(lambda text: text.isprintable()))
def test_a_sealed_secret_is_read_again_and_differs_each_time(secret):
    assert unseal(seal(secret)) == secret
    assert seal(secret) != seal(secret)
    assert len(secret) < 8 or secret not in seal(secret)


def test_a_sealed_secret_that_was_changed_or_moved_is_not_read(settings):
    sealed = seal("correct horse")
    other = "B" if sealed[50] == "A" else "A"
    assert unseal(sealed[:50] + other + sealed[51:]) is None
    assert unseal("") is None
    assert unseal("no base64 ***") is None
    settings.SECRET_KEY = "another"
    assert unseal(sealed) is None
