"""Answers as a browser sent them, read by the fields of a version: each is a value, or what is wrong with it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers

from fullfunnel.forms import fields as kinds
from fullfunnel.forms.fields import Content, Field

Sent = Mapping[str, Sequence[str]]
PREFIX = "f."
_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+")
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>\d{4})"),
)


@dataclass(frozen=True)
class Wrong:
    """A text of the catalogue, with what fills it in."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """values: field key -> what was answered ("" left empty; not sent: absent); wrong: field key -> why."""

    values: dict[str, Any]
    wrong: dict[str, Wrong]

    def text(self, kind: str) -> str:
        return str(self.values.get(kind, ""))


def name_of(of: Field, part: str = "") -> str:
    """Return what a field is called in the page, so that none meets a name of ours."""
    return f"{PREFIX}{of.key}.{part}" if part else f"{PREFIX}{of.key}"


def read_answers(content: Content, sent: Sent, *, region: str, pains: Sequence[str] = ()) -> Answers:
    """Read what was sent. region: two letters, for telephone numbers without a country code; pains: keys of the pain points."""
    values: dict[str, Any] = {}
    wrong: dict[str, Wrong] = {}
    for each in content.fields:
        value = _value(each, sent, region=region, options=pains if each.kind == kinds.PAINS else each.options)
        if isinstance(value, Wrong):
            wrong[each.key] = value
        elif value is not None:
            values[each.key] = value
        # Where there is nothing to choose, the page does not ask.
        is_asked = bool(pains) or each.kind != kinds.PAINS
        if each.required and is_asked and each.key not in wrong and not values.get(each.key):
            wrong[each.key] = Wrong(_MISSING.get(each.kind, "wrong.required"))
    return Answers(values, wrong)


_MISSING = {kinds.CONSENT: "wrong.consent", kinds.CHOICE: "wrong.choose", kinds.SEVERAL: "wrong.choose"} | {
    kinds.HEARD: "wrong.choose",
    kinds.PAINS: "wrong.choose",
}


def _value(of: Field, sent: Sent, *, region: str, options: Sequence[str]) -> Any:
    """The value; None where the page sent no such field; Wrong."""
    if of.kind == kinds.ADDRESS:
        return _address(of, sent)
    given = sent.get(name_of(of))
    if of.kind in kinds.OF_SEVERAL:
        # Boxes that are not ticked are not sent: the page says beside them that it asked.
        asked = given is not None or name_of(of, "asked") in sent
        chosen = [text for text in given or () if text]
        return (
            Wrong("wrong.option")
            if set(chosen) - set(options)
            else sorted(set(chosen), key=options.index)
            if asked
            else None
        )
    if of.kind == kinds.CONSENT:
        return True if given else False if name_of(of, "asked") in sent else None
    if given is None:
        return None
    text = _clean(given[-1], lines=of.kind == kinds.LONG)
    if not text:
        return ""
    if len(text) > (most := kinds.LONGEST.get(of.kind, 300)):
        return Wrong("wrong.long", {"most": f"{most:,}"})
    if of.kind in kinds.WITH_OPTIONS:
        return text if text in options else Wrong("wrong.option")
    read = _READERS.get(of.kind)
    return read(of, text, region) if read else text


def _clean(text: str, *, lines: bool) -> str:
    plain = text.replace("\0", "").replace("\r\n", "\n").strip()
    return plain if lines else " ".join(plain.split())


def _email(_of: Field, text: str, _region: str) -> str | Wrong:
    text = text.lower()
    if not _EMAIL.fullmatch(text):
        return Wrong("wrong.email")
    host = text.rpartition("@")[2]
    if "." not in host.strip(".") or host.endswith("."):
        return Wrong("wrong.email.ending")
    return Wrong("wrong.email") if ".." in host or host.startswith(("-", ".")) else text


def _phone(_of: Field, text: str, region: str) -> str | Wrong:
    """E.164."""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return Wrong("wrong.phone")
    # Careful: is_possible_number takes numbers too that can only be dialled within a town.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return Wrong("wrong.phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _number(of: Field, text: str, _region: str) -> str | Wrong:
    """A plain decimal. Of several marks the last is the decimal one; one mark before three digits groups thousands."""
    plain = re.sub(r"[\s'’\u00a0\u202f]", "", text)
    last = max(plain.rfind("."), plain.rfind(","))
    if last >= 0:
        mark = plain[last]
        grouped = plain.count(mark) > 1 or (
            len(plain) - last == 4 and len(set(plain) & {".", ","}) == 1 and plain[:last] != "0"
        )
        whole = re.sub(r"[.,]", "", plain[:last])
        plain = whole + ("" if grouped else ".") + plain[last + 1 :]
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return Wrong("wrong.number")
    if not value.is_finite() or not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        return Wrong("wrong.number")
    if of.least and value < Decimal(of.least):
        return Wrong("wrong.least", {"least": of.least})
    if of.most and value > Decimal(of.most):
        return Wrong("wrong.most", {"most": of.most})
    return format(value.normalize(), "f")


def _date(_of: Field, text: str, _region: str) -> str | Wrong:
    """ISO 8601. Only spellings that mean one day: slashes are read as American by some, and are asked for again."""
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            try:
                return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
            except ValueError:
                break
    return Wrong("wrong.date")


_READERS = {kinds.EMAIL: _email, kinds.PHONE: _phone, kinds.NUMBER: _number, kinds.DATE: _date}


def _address(of: Field, sent: Sent) -> Any:
    parts = {part: sent.get(name_of(of, part)) for part in kinds.ADDRESS_PARTS}
    if all(given is None for given in parts.values()):
        return None
    found = {part: _clean(given[-1], lines=False) for part, given in parts.items() if given is not None}
    if any(len(text) > kinds.LONGEST[kinds.ADDRESS] for text in found.values()):
        return Wrong("wrong.long", {"most": kinds.LONGEST[kinds.ADDRESS]})
    return found if any(found.values()) else ""
