from typing import ClassVar

from django.db import models

from fullfunnel.core import clock
from fullfunnel.workspaces.models import User, WorkspaceRow


class SavedQuestions(models.QuerySet["SavedQuestion"]):
    def seen_by(self, user: User) -> "SavedQuestions":
        """Those that are shared in the workspace, and the user's own."""
        return self.filter(models.Q(is_private=False) | models.Q(created_by=user))


class KeptQuestions(models.Manager.from_queryset(SavedQuestions)):  # type: ignore[misc]
    """Questions that nobody deleted."""

    def get_queryset(self) -> SavedQuestions:
        return SavedQuestions(self.model, using=self._db).filter(deleted_at=None)


class SavedQuestion(WorkspaceRow):
    """A question kept under a name, as the JSON of the public contract. A private one is its maker's alone."""

    name = models.CharField(max_length=200)
    question = models.JSONField()
    preset = models.CharField(
        max_length=20, blank=True, help_text="a period that moves on with the day (90d); empty: the question's own"
    )
    view = models.CharField(
        max_length=500, blank=True, help_text="how it is shown, where the question does not say it: a query string"
    )
    is_private = models.BooleanField(default=False)
    pinned_at = models.DateTimeField(null=True, blank=True, help_text="the latest one stands on the overview")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="kept for 30 days, so that it can be undone")

    objects = SavedQuestions.as_manager()
    kept: ClassVar[KeptQuestions] = KeptQuestions()

    def __str__(self) -> str:
        return self.name


class Asking(WorkspaceRow):
    """A question that takes its time: how far it is, then its answer for some minutes. The same question again joins it."""

    class State(models.TextChoices):
        ASKED = "asked", "Waits for its turn"
        ANSWERING = "answering", "Is being counted"
        ANSWERED = "answered", "Answered"
        REFUSED = "refused", "Refused"
        CANCELLED = "cancelled", "Cancelled"

    key = models.CharField(max_length=64, help_text="SHA-256 of the question and the zone it is asked in")
    version = models.CharField(max_length=120, help_text="of the stream and the people that it was asked of")
    state = models.CharField(max_length=20, choices=State.choices)
    # Rows of workers that died keep the state they were in; the heartbeat tells.
    answerer = models.CharField(max_length=32, help_text="who counts: nobody else writes this row")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    began_at = models.DateTimeField(default=clock.now)
    heartbeat_at = models.DateTimeField(default=clock.now, help_text="and, once it is over, when it ended")
    askers = models.JSONField(default=list, help_text="ids of the users who have not seen the answer yet")
    answer = models.BinaryField(null=True, help_text="JSON; may hold personal data, so it is kept for minutes only")
    message = models.TextField(blank=True, help_text="why there is no answer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_asking_per_question")]
