"""What may be done with saved import mappings."""

from collections.abc import Mapping, Sequence
from typing import Any

from fullfunnel.events.models import SavedMapping

LONGEST_NAME = 100


def reason_against_mapping_name(name: str) -> str:
    """Why a mapping cannot have this name; "" when it can."""
    if not name.strip():
        return "a mapping needs a name"
    if len(name.strip()) > LONGEST_NAME:
        return f"a mapping's name has at most {LONGEST_NAME} characters; this one has {len(name.strip())}"
    if not name.strip().isprintable():
        return "a mapping's name is one line of letters that a terminal shows"
    return ""


def save_mapping(
    workspace_id: int, *, name: str, what: str, header: Sequence[str], reading: Mapping[str, Any]
) -> SavedMapping:
    """Keeps how a file was read under a name, in the place of what it held before."""
    held = {"header": sorted(header), "reading": dict(reading)}
    return SavedMapping.objects.update_or_create(
        workspace_id=workspace_id, what=what, name=name.strip(), defaults=held
    )[0]


def forget_mapping(saved: SavedMapping) -> None:
    saved.delete()
