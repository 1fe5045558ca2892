"""What the page of who sees what asks of each role."""

from typing import Any

from django import forms

from fullfunnel.core.pages import Form
from fullfunnel.workspaces.models import Role
from fullfunnel.workspaces.sight.reach import LABELS, OWN, REACHES, Of, Reach, Rule

CHOICES = [(str(reach), words) for reach, words in REACHES.items()]


class Sight(Form):
    """How far a role sees and changes each kind of rows. A viewer changes nothing, and is asked what they see alone."""

    def __init__(self, data: Any = None, *, role: Role, rules: dict[str, Rule]) -> None:
        super().__init__(data, prefix=str(role), use_required_attribute=False)
        self.role = role
        self.changes = role != Role.VIEWER
        for of in Of:
            rule = rules.get(of, Rule())
            for act, reach in (("see", rule.see), ("change", rule.change))[: 2 if self.changes else 1]:
                select = forms.Select({"class": "form-select", "aria-label": f"{LABELS[of]}: {act}"})
                self.fields[f"{of}_{act}"] = forms.ChoiceField(choices=CHOICES, initial=str(reach), widget=select)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return for each kind its name, what makes a row somebody's own, and the boxes."""
        return [
            {
                "label": LABELS[of],
                "own": OWN[of],
                "see": self[f"{of}_see"],
                "change": self[f"{of}_change"] if self.changes else None,
            }
            for of in Of
        ]

    @property
    def rules(self) -> dict[Of, Rule]:
        """Return what a valid form says."""
        said = {name: Reach(value) for name, value in self.cleaned_data.items()}
        return {of: Rule(said[f"{of}_see"], said.get(f"{of}_change", said[f"{of}_see"])) for of in Of}
