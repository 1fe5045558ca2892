"""What a draft says, and the steps that it came by. Called by actions, under the form's lock."""

from typing import Any

from fullfunnel.core import clock
from fullfunnel.forms.models import DraftStep, FormVersion

MOST_STEPS = 100


def keep_step(draft: FormVersion, content: dict[str, Any]) -> FormVersion:
    """Keep an edit of a draft as its latest step, under the form's lock; what had been undone is gone."""
    scope = {"workspace_id": draft.workspace_id, "draft": draft}
    steps = DraftStep.objects.filter(**scope)
    if not draft.step and not steps.filter(position=0).exists():
        DraftStep.objects.create(**scope, position=0, content=draft.content)
    steps.filter(position__gt=draft.step).delete()
    steps.filter(position__lt=draft.step + 1 - MOST_STEPS).delete()
    draft.step += 1
    DraftStep.objects.create(**scope, position=draft.step, content=content)
    return say_content(draft, content)


def say_content(draft: FormVersion, content: dict[str, Any]) -> FormVersion:
    """Let a draft say this."""
    draft.content, draft.changed_at = content, clock.now()
    draft.save(update_fields=["content", "changed_at", "step"])
    return draft
