"""What people answered to "How did you hear of us?", for rooms below (config/wiring/datasets.py)."""

from datetime import date

from django.db.models import QuerySet

from fullfunnel.forms.fields import HEARD, read
from fullfunnel.forms.models import FormVersion, Submission
from fullfunnel.workspaces.models import Workspace


def heard_of(workspace: Workspace, days: tuple[date, date] | None, most: int) -> dict[str, str]:
    """Return {public id of a person: their latest answer}, of the latest answers, as the form wrote the choice."""
    keys = _keys(workspace)
    rows: QuerySet[Submission] = Submission.objects.filter(workspace=workspace, form__in=keys).order_by(
        "-sent_at", "-pk"
    )
    if days is not None:
        rows = rows.filter(sent_at__date__range=days)
    found: dict[str, str] = {}
    for person, form, answers in rows.values_list("person__public_id", "form", "answers").iterator(500):
        said = next((str(answers[key]) for key in keys[form] if answers.get(key)), "")
        if said:
            found.setdefault(person, said[:100])
        if len(found) == most:
            break
    return found


def _keys(workspace: Workspace) -> dict[int, list[str]]:
    """The fields of each form that ask it, in any of its versions."""
    found: dict[int, list[str]] = {}
    for form, content in FormVersion.objects.filter(workspace=workspace).values_list("form", "content"):
        keys = [field.key for field in read(content).fields if field.kind == HEARD]
        if keys:
            found[form] = list(dict.fromkeys(found.get(form, []) + keys))
    return found
