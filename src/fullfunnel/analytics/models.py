from typing import ClassVar

from django.db import models

from fullfunnel.core import clock
from fullfunnel.workspaces.models import User, WorkspaceRow


class KeptQuestions(models.Manager["SavedQuestion"]):
    """Questions that nobody deleted."""

    def get_queryset(self) -> models.QuerySet["SavedQuestion"]:
        return super().get_queryset().filter(deleted_at=None)


class SavedQuestion(WorkspaceRow):
    """A question kept under a name, as the JSON of the public contract."""

    name = models.CharField(max_length=200)
    question = models.JSONField()
    preset = models.CharField(
        max_length=20, blank=True, help_text="a period that moves on with the day (90d); empty: the question's own"
    )
    pinned_at = models.DateTimeField(null=True, blank=True, help_text="the latest one stands on the overview")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="kept for 30 days, so that it can be undone")

    objects: ClassVar[models.Manager["SavedQuestion"]] = models.Manager()
    kept: ClassVar[KeptQuestions] = KeptQuestions()

    def __str__(self) -> str:
        return self.name
