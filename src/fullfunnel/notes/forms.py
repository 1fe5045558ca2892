from django import forms

from fullfunnel.core.pages import Form
from fullfunnel.notes.actions import MAX_TEXT


class NewNote(Form):
    """What the text must be, add_note says."""

    text = forms.CharField(
        label="New note",
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 3, "maxlength": MAX_TEXT, "placeholder": "Called back, wants an offer in March"}
        ),
    )
