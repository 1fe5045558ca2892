"""Numbers out of an address. What somebody typed there falls back to a default: an address is never an error."""

MAX_DIGITS = 9
# A primary key is below 2 ** 63, which has 19 digits.
MAX_ID_DIGITS = 18


def whole_number(text: str | None, *, default: int = 1, least: int = 1, most: int = 100_000) -> int:
    """Return the whole number in `text`, moved into `least`…`most`; `default` for what is no number, or has over 9 digits."""
    if text is None or not text.isdecimal() or len(text) > MAX_DIGITS:
        return default
    return min(max(int(text), least), most)


def row_id(text: str | None) -> int:
    """Return the primary key in `text`; 0, which no row has, for what is none."""
    return int(text) if text and text.isdecimal() and len(text) <= MAX_ID_DIGITS else 0
