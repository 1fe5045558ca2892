"""Rows that another program keeps: it names them by an id of its own, and says by events what becomes of them."""

from django.db import models

from fullfunnel.workspaces.models import Source, WorkspaceRow


class KeptElsewhere(models.Model):
    """What a hand-over and a deal have in common when another program tells of them."""

    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, related_name="+")
    external_id = models.CharField(max_length=200, blank=True, help_text="what the source calls it")
    is_kept_elsewhere = models.BooleanField(
        default=False, help_text="events of the source change it; our actions do not"
    )
    owner_name = models.CharField(max_length=200, blank=True, help_text="an owner who is no member, as the source says")

    class Meta:
        abstract = True


class UnmatchedEvent(WorkspaceRow):
    """A lead_* event of another program that fits no hand-over: stored in the stream, counted here, and it changes nothing."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    event_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "event_id"], name="unmatched_event_once")]
