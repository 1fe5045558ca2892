"""What may be done with saved questions, and with a question that is still being counted.

A private question is its maker's alone; viewers change nothing. What was deleted can be brought back.
"""

from typing import Any

from django.db import transaction

from fullfunnel.analytics import askings
from fullfunnel.analytics.kinds.wired import question_kinds
from fullfunnel.analytics.models import Asking, SavedQuestion
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.events.names import canonical
from fullfunnel.journeys.questions.reading import QuestionError, parse
from fullfunnel.workspaces.models import Membership, Workspace
from fullfunnel.workspaces.scope import ADMINS, EDITORS

MAX_NAME = 200


@transaction.atomic
def save_question(
    workspace: Workspace,
    *,
    name: str,
    question: dict[str, Any],
    preset: str,
    by: Membership,
    view: str = "",
    is_private: bool = False,
) -> SavedQuestion | Refused:
    """Keep a question under a new entry."""
    refused = _wrong_member(workspace.pk, by) or _unreadable(workspace, question) or _wrong_name(name)
    if refused is not None:
        return refused
    kept = {"name": name.strip(), "question": question, "preset": preset, "view": view, "is_private": is_private}
    return SavedQuestion.objects.create(workspace=workspace, created_by=by.user, **kept)


@transaction.atomic
def change_question(
    saved: SavedQuestion, *, question: dict[str, Any], preset: str, by: Membership, view: str = ""
) -> SavedQuestion | Refused:
    """Put another question of the same kind under the same name."""
    refused = _unreadable(saved.workspace, question)
    if refused is None and question["kind"] != saved.question["kind"]:
        refused = Refused("A saved question keeps its kind: save this one under a name of its own.", "question")
    return refused or _change(saved, by, question=question, preset=preset, view=view, updated_at=clock.now())


@transaction.atomic
def share_question(saved: SavedQuestion, *, by: Membership) -> SavedQuestion | Refused:
    """Show it to everybody in the workspace."""
    return _change(saved, by, is_private=False)


@transaction.atomic
def unshare_question(saved: SavedQuestion, *, by: Membership) -> SavedQuestion | Refused:
    """Keep it to its maker, so it stands on the overview no longer."""
    if saved.created_by_id != by.user_id:
        return Refused("Only who made it can keep it to themselves.")
    return _change(saved, by, is_private=True, pinned_at=None)


@transaction.atomic
def rename_question(saved: SavedQuestion, *, name: str, by: Membership) -> SavedQuestion | Refused:
    """Give it another name."""
    return _wrong_name(name) or _change(saved, by, name=name.strip(), updated_at=clock.now())


@transaction.atomic
def pin_question(saved: SavedQuestion, *, by: Membership) -> SavedQuestion | Refused:
    """Put a funnel on the overview, in the place of the one that stood there."""
    if saved.is_private:
        return Refused("The overview is everybody’s, and this question is yours alone: share it first.")
    if saved.question["kind"] != "funnel":
        return Refused("Only a funnel can stand on the overview.")
    return _change(saved, by, pinned_at=clock.now())


@transaction.atomic
def unpin_question(saved: SavedQuestion, *, by: Membership) -> SavedQuestion | Refused:
    """Take it off the overview."""
    return _change(saved, by, pinned_at=None)


@transaction.atomic
def delete_question(saved: SavedQuestion, *, by: Membership) -> SavedQuestion | Refused:
    """Take it off the list; restore_question brings it back."""
    return _change(saved, by, deleted_at=clock.now())


@transaction.atomic
def restore_question(saved: SavedQuestion, *, by: Membership) -> SavedQuestion | Refused:
    """Bring a deleted question back."""
    return _change(saved, by, deleted_at=None)


def _change(saved: SavedQuestion, by: Membership, **values: Any) -> SavedQuestion | Refused:
    """Set these fields, if `by` may change this question."""
    refused = _wrong_member(saved.workspace_id, by)
    if refused is None and saved.is_private and saved.created_by_id != by.user_id:
        refused = Refused("This question is its maker’s alone.")
    if refused is not None:
        return refused
    for name, value in values.items():
        setattr(saved, name, value)
    saved.save(update_fields=list(values))
    return saved


def _wrong_member(workspace_id: int, by: Membership) -> Refused | None:
    if by.workspace_id == workspace_id and by.role in EDITORS:
        return None
    return Refused("Viewers change no saved questions; ask an owner or an admin for another role.")


def _wrong_name(name: str) -> Refused | None:
    if not name.strip():
        return Refused("Give it a name: what does it answer?", "name")
    if len(name.strip()) > MAX_NAME:
        return Refused(f"A name has at most {MAX_NAME} characters; this one has {len(name.strip())}.", "name")
    return None


def _unreadable(workspace: Workspace, question: dict[str, Any]) -> Refused | None:
    try:
        parse(question, canonical=canonical, timezone=workspace.timezone, kinds=question_kinds())
    except QuestionError as error:
        return Refused(f"{error.field}: {error.message}", "question")
    return None


@transaction.atomic
def cancel_asking(asking: Asking, *, by: Membership) -> Asking | Refused:
    """End the counting of a question: for everybody by an owner or admin, else for `by`, and then it goes on for others who wait."""
    if by.workspace_id == asking.workspace_id and by.role in ADMINS:
        askings.cancel(asking)
    elif by.workspace_id == asking.workspace_id and by.user_id in asking.askers:
        askings.leave(asking, by.user_id)
    else:
        return Refused("Somebody else asked this question; an owner or an admin can cancel it.")
    asking.refresh_from_db()
    return asking
