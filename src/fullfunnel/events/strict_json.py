"""JSON as other programs write it, made strict: what no strict reader takes costs one value, not the whole body or line."""

import re
from math import isfinite

# Half of a pair in \uXXXX, what is no number in JSON, digits with an exponent or hundreds of them, control characters, bytes.
_WORTH_MENDING = re.compile(rb"\\u[dD][89a-fA-F]|NaN|Infinity|\d[eE]\+?\d{3}|\d{300}|[\x00-\x1f\x80-\xff]")
# Careful: each part matches whatever follows and gives nothing back, or a hostile body would be read again and again.
_TOKEN = re.compile(
    rb'"[^"\\]*+(?:\\.[^"\\]*+)*+\\?+(?:"|\Z)|-?+(?:NaN|Infinity)|-?+\d++(?:\.\d++)?+(?:[eE][+-]?+\d++)?+', re.DOTALL
)
_PAIR_OR_HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\.", re.DOTALL
)
_CONTROL = re.compile(rb"[\x00-\x1f]")
MAX_DIGITS = 300
UNKNOWN = "\ufffd"
# Stands for bytes that are no UTF-8: a code point that no text holds.
NOT_UTF8 = "\ufdd0"


def mended(body: bytes) -> bytes | None:
    """Return the same JSON for a strict reader; None where nothing in it can be mended.

    Half of a surrogate pair and NUL become U+FFFD, other control characters in texts their escapes, NaN and infinities null, numbers that no
    float holds texts with their digits, and bytes that are no UTF-8 the code point NOT_UTF8.
    """
    if not _WORTH_MENDING.search(body):
        return None
    try:
        body.decode()
    except UnicodeDecodeError:
        body = body.decode(errors="surrogateescape").translate(_LONE_BYTES).encode()
    return _TOKEN.sub(_mended_token, body)


_LONE_BYTES = dict.fromkeys(range(0xDC80, 0xDD00), NOT_UTF8)


def _mended_token(found: re.Match[bytes]) -> bytes:
    token = found[0]
    if token[:1] == b'"':
        return _CONTROL.sub(_escaped, _PAIR_OR_HALF.sub(_whole, token))
    if token[-1:] in b"Ny":
        return b"null"
    if len(token) < MAX_DIGITS and isfinite(float(token)):
        return token
    return b'"%s"' % token


def _whole(found: re.Match[bytes]) -> bytes:
    # A pair is whole; any other escape is none of ours.
    is_half = len(found[0]) == 6 and found[1] is None
    return b"\\ufffd" if is_half else found[0]


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if found[0] == b"\0" else b"\\u%04x" % found[0][0]


def without_nul(value: object) -> object:
    """Return a value read from JSON or a table with U+FFFD for every NUL, also in names."""
    if isinstance(value, str):
        return value.replace("\0", UNKNOWN) if "\0" in value else value
    if isinstance(value, dict):
        return {without_nul(key): without_nul(inner) for key, inner in value.items()}
    return [without_nul(inner) for inner in value] if isinstance(value, list) else value
