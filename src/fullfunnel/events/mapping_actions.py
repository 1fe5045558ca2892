"""Actions on saved import mappings."""

from collections.abc import Mapping, Sequence
from typing import Any

from fullfunnel.events.models import SavedMapping

MAX_NAME_LENGTH = 100


def reason_against_mapping_name(name: str) -> str:
    """Return why a name is refused, or ""."""
    if not name.strip():
        return "a mapping needs a name"
    if len(name.strip()) > MAX_NAME_LENGTH:
        return f"a mapping's name has at most {MAX_NAME_LENGTH} characters; this one has {len(name.strip())}"
    if not name.strip().isprintable():
        return "a mapping's name is one line of letters that a terminal shows"
    return ""


def save_mapping(
    workspace_id: int, *, name: str, what: str, header: Sequence[str], reading: Mapping[str, Any]
) -> SavedMapping:
    """Save a mapping under a name, in place of an older one."""
    held = {"header": sorted(header), "reading": dict(reading)}
    return SavedMapping.objects.update_or_create(
        workspace_id=workspace_id, what=what, name=name.strip(), defaults=held
    )[0]


def forget_mapping(saved: SavedMapping) -> None:
    saved.delete()
