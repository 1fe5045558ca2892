"""What may be done with saved questions. Each is one statement's worth of change, and can be undone."""

from typing import Any

from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.core import clock
from fullfunnel.workspaces.models import User, Workspace

LONGEST_NAME = 200


def reason_against_name(name: str) -> str:
    """Why a question cannot have this name; "" when it can."""
    if not name.strip():
        return "Give it a name: what does it answer?"
    if len(name.strip()) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters; this one has {len(name.strip())}."
    return ""


def save_question(
    workspace: Workspace,
    *,
    name: str,
    question: dict[str, Any],
    preset: str,
    by: User,
    view: str = "",
    is_private: bool = False,
) -> SavedQuestion:
    """Keeps a (readable) question under a new entry."""
    kept = {"name": name.strip(), "question": question, "preset": preset, "view": view, "is_private": is_private}
    return SavedQuestion.objects.create(workspace=workspace, created_by=by, **kept)


def change_question(saved: SavedQuestion, *, question: dict[str, Any], preset: str, view: str = "") -> None:
    """Puts another question under the same name."""
    saved.question, saved.preset, saved.view, saved.updated_at = question, preset, view, clock.now()
    saved.save(update_fields=["question", "preset", "view", "updated_at"])


def share_question(saved: SavedQuestion) -> None:
    """Shows it to everybody in the workspace."""
    saved.is_private = False
    saved.save(update_fields=["is_private"])


def unshare_question(saved: SavedQuestion) -> None:
    """Keeps it to its maker, so it stands on the overview no longer."""
    saved.is_private, saved.pinned_at = True, None
    saved.save(update_fields=["is_private", "pinned_at"])


def rename_question(saved: SavedQuestion, *, name: str) -> None:
    saved.name, saved.updated_at = name.strip(), clock.now()
    saved.save(update_fields=["name", "updated_at"])


def pin_question(saved: SavedQuestion) -> None:
    """Puts it on the overview, in the place of the one that stood there."""
    saved.pinned_at = clock.now()
    saved.save(update_fields=["pinned_at"])


def unpin_question(saved: SavedQuestion) -> None:
    saved.pinned_at = None
    saved.save(update_fields=["pinned_at"])


def delete_question(saved: SavedQuestion) -> None:
    saved.deleted_at = clock.now()
    saved.save(update_fields=["deleted_at"])


def restore_question(saved: SavedQuestion) -> None:
    saved.deleted_at = None
    saved.save(update_fields=["deleted_at"])
