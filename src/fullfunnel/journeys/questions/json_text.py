"""The JSON that somebody asks with, as Python; what is wrong with it is said in words."""

import json
from typing import Any

import msgspec

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class JsonError(ValueError):
    """The message goes on after "the body" or the name of a file."""


def read_json(body: bytes) -> Any:
    """JsonError where it is none, or holds what no question can."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    try:
        return msgspec.json.decode(body)
    except UnicodeDecodeError as error:
        raise JsonError("is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise JsonError(_reason(body, error)) from error


def _reason(body: bytes, error: Exception) -> str:
    try:
        # Python's own reader takes some things that are no JSON, and so tells them from what nobody can read.
        json.dumps(json.loads(body), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "holds half a character (a lone surrogate such as \\ud800); send both halves, or the character itself"
    except (ValueError, RecursionError):
        return f"is not JSON: {error}"
    return "holds NaN, Infinity or a number too large to count with; send null, or a smaller number"
