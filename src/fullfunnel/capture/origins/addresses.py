"""Addresses: host, path and parameters of a page, also where the link was damaged on its way. Pure."""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_PATH, MAX_HOST, MAX_PARAMETERS = 500, 253, 200
_CAMPAIGN = r"(?:amp;)*(?:utm|mtm|pk)_[a-z_]+="
# A second ? where a & belongs; not inside an address that stands in the query.
_SECOND_QUERY = re.compile(r"\?(?=(?:amp;)*[A-Za-z_][A-Za-z0-9_.-]{1,30}=)")
# Parameters that were encoded as one.
_ENCODED = re.compile(rf"[^=]*%3d|{_CAMPAIGN}.*%26{_CAMPAIGN[:-1]}%3d", re.IGNORECASE)
_INNER = re.compile(rf"[&?](?={_CAMPAIGN})", re.IGNORECASE)
_ROUTE = re.compile(r"!?/")


class Address(NamedTuple):
    """host in lower case; path with the route behind `#/`; parameters (name, value) of the query, then of the fragment. Unknown is empty."""

    host: str = ""
    path: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


def read_address(url: str) -> Address:
    """The parts of an address; what cannot be read is empty."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")[:MAX_HOST]
    except ValueError:
        return Address()
    path, query = parts.path, parts.query
    if "%3f" in path.lower() and re.search(rf"%3f{_CAMPAIGN[:-1]}(?:=|%3d)", path, re.IGNORECASE):
        path, _, inner = re.sub("%3f", "?", path, count=1, flags=re.IGNORECASE).partition("?")
        query = f"{inner}&{query}"
    route, _, behind = parts.fragment.partition("?")
    if _ROUTE.match(route):
        path = f"{path or '/'}#{route}"
    elif "=" in route:
        behind = f"{route}&{behind}"
    return Address(host, path[:MAX_PATH] or ("/" if host else ""), (*_parameters(query), *_parameters(behind)))


def _parameters(query: str) -> list[tuple[str, str]]:
    if "=" not in query and "%3" not in query:
        return []
    pieces = [piece for whole in query.split("&")[:MAX_PARAMETERS] for piece in _pieces(whole)]
    try:
        pairs = parse_qsl("&".join(pieces), max_num_fields=MAX_PARAMETERS)
    except ValueError:
        return []
    # A link that was escaped as HTML twice.
    return [(re.sub(r"^(?:amp;)+", "", name), value) for name, value in pairs]


def _pieces(piece: str) -> list[str]:
    """One parameter as it stands between two &, or those that were written or encoded into one."""
    if "?" in piece and "://" not in piece.partition("?")[0]:
        return _SECOND_QUERY.split(piece)
    if "%" in piece and _ENCODED.match(piece):
        return _INNER.split(unquote(piece).replace("+", "%20").lstrip("?"))
    return [piece]
