"""Random names of rows, for addresses, exports and events."""

import secrets


def new_public_id() -> str:
    """Return 16 random hexadecimal digits."""
    return secrets.token_hex(8)
