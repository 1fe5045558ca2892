"""Whom a column of a file names: which kind of identifier it holds, by its name and by its values. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from fullfunnel.events.values import text_of

USER, EMAIL, ANONYMOUS, RECORD = "user_id", "email", "anonymous_id", "record_id"
# Columns by their names (lower case, letters and digits only), the likeliest first.
USERS = (
    "userid", "user", "personid", "customerid", "customer", "memberid", "externalid", "distinctid",
)  # fmt: skip
EMAILS = (
    "email", "emailaddress", "emailadresse", "mail", "mailaddress", "workemail", "contactemail", "customeremail",
    "useremail", "primaryemail", "emailwork", "emailprimary",
)  # fmt: skip
VISITORS = ("anonymousid", "visitorid")
# Numbers of records of another system, such as a CRM: 42 there is not the user 42 here.
RECORDS = (
    "recordid", "leadid", "contactid", "prospectid", "subscriberid", "crmid", "hubspotid", "salesforceid", "id",
)  # fmt: skip
# The kinds of records begin so; no client's user id does.
OF_RECORDS = "record."
LONGEST_SYSTEM, LONGEST_COLUMN, LONGEST_ADDRESS = 12, 20, 320
_SYSTEM = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,{LONGEST_SYSTEM - 1}}}")
_WRAPPED = re.compile(r"[^<>]*<([^<>]*)>")
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")
# `ada@1` may be somebody's user id.
_CERTAIN = re.compile(r"[^\s@,;<>\"/:]+@[^\s@,;<>\"/:]+\.[^\W\d_]{2,}")


def letters_of(name: str) -> str:
    """Return a column's name as the lists above have it."""
    return "".join(filter(str.isalnum, name.lower()))


def address_of(text: str) -> str | None:
    """Return the address that a text spells: in lower case, without spaces, `mailto:` and a name; or None."""
    found = text.strip().strip("\u200b\u200e\ufeff")
    if wrapped := _WRAPPED.fullmatch(found):
        found = wrapped[1].strip()
    if found[:7].lower() == "mailto:":
        found = found[7:].partition("?")[0].strip()
    found = found.lower()
    return found if len(found) <= LONGEST_ADDRESS and _EMAIL.fullmatch(found) else None


def certain_address_of(text: str) -> str | None:
    """Return the address, if a text can be nothing else."""
    if "@" not in text:
        return None
    found = address_of(text)
    return found if found and _CERTAIN.fullmatch(found) else None


def all_addresses(texts: Iterable[str]) -> bool:
    """Return whether there are values and each is an address."""
    given = [text for text in texts if text.strip()]
    return bool(given) and all(map(certain_address_of, given))


def addressed_columns(names: Iterable[str], rows: Iterable[Any]) -> set[str]:
    """Return the columns that hold addresses only, judged by some rows."""
    held = [row for row in rows if isinstance(row, Mapping)]
    return {name for name in names if all_addresses(text_of(row.get(name)) for row in held)}


def kind_of_column(name: str, addressed: Collection[str]) -> str:
    """Return USER, EMAIL, ANONYMOUS or RECORD: what a column holds that names people."""
    letters = letters_of(name)
    if letters in EMAILS or name in addressed:
        return EMAIL
    return RECORD if letters in RECORDS else ANONYMOUS if letters in VISITORS else USER


def record_kind(column: str, system: str | None = None) -> str:
    """Return the kind of a column of record numbers: `record.lead_id`, `record.hubspot.lead_id`."""
    words = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:LONGEST_COLUMN] or "id"
    return f"{OF_RECORDS}{system}.{words}" if system else f"{OF_RECORDS}{words}"


def reason_against_system(system: str | None) -> str:
    """Return why a system's name is refused, or ""."""
    if system is None or _SYSTEM.fullmatch(system):
        return ""
    return f"a system's name has 1 to {LONGEST_SYSTEM} of a-z, 0-9, _ and -, such as hubspot"
