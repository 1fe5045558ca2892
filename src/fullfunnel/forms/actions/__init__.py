"""What may be done with forms: row and event, or audit entry, in one transaction, or Refused.

Edits of a draft are in no trail: nobody outside sees one, and publishing is.
"""

from fullfunnel.forms.actions.building import (
    add_field,
    change_field,
    change_words,
    duplicate_field,
    move_field,
    remove_field,
    translate_form,
)
from fullfunnel.forms.actions.keeping import (
    change_form,
    close_form,
    create_form,
    discard_draft,
    publish_form,
    reopen_form,
    set_pain_points,
)
from fullfunnel.forms.actions.steps import redo_edit, undo_edit
from fullfunnel.forms.actions.submitting import count_refused, submit_form

__all__ = [
    "add_field",
    "change_field",
    "change_form",
    "change_words",
    "close_form",
    "count_refused",
    "create_form",
    "discard_draft",
    "duplicate_field",
    "move_field",
    "publish_form",
    "redo_edit",
    "remove_field",
    "reopen_form",
    "set_pain_points",
    "submit_form",
    "translate_form",
    "undo_edit",
]
