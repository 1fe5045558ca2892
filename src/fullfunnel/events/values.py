"""Properties of any shape as flat texts."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from fullfunnel.core import clock

DEEPEST = 10
_encode = msgspec.json.Encoder(decimal_format="number", order="deterministic").encode


def flatten(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return nested objects as `a.b`, arrays as JSON, the rest as text, without empty values."""
    flat: dict[str, str] = {}
    _flatten_into(flat, "", properties, 1)
    return flat


def _flatten_into(flat: dict[str, str], prefix: str, properties: Mapping[str, Any], depth: int) -> None:
    for key, value in properties.items():
        if isinstance(value, dict) and depth < DEEPEST:
            _flatten_into(flat, f"{prefix}{key}.", value, depth + 1)
        elif text := (value if type(value) is str else text_of(value)):
            flat[f"{prefix}{key}"] = text


def text_of(value: Any) -> str:
    """Return a value as text; "" without one. 1.50 is "1.5", 3.0 is "3"."""
    kind = type(value)
    if kind is int:
        return str(value)
    if kind is Decimal:
        return number_text(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if kind is bool:
        return "true" if value else "false"
    return number_text(Decimal(repr(value))) if isinstance(value, float) else _text_of_other(value)


def _text_of_other(value: Any) -> str:
    if isinstance(value, datetime):
        utc = value if value.tzinfo is None else clock.from_us(clock.to_us(value))
        return utc.replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | Mapping):
        return _encode(value).decode()
    return value.hex() if isinstance(value, bytes) else str(value)


def number_text(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros; "" for NaN and infinity."""
    if not number.is_finite():
        return ""
    # Careful: 1e999999999 written plainly would take a gigabyte.
    if number and abs(number.adjusted()) > 40:
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def currency_code(value: str) -> str:
    """Return an ISO 4217 code in capitals, or ""."""
    code = value.strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""
