from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.workspaces.models import Source, WorkspaceRow


class StageKind(models.TextChoices):
    OPEN = "open", "Open"
    WON = "won", "Won"
    LOST = "lost", "Lost"


class Band(models.TextChoices):
    """The part of the sales funnel that a stage lies in (docs/spec: bands)."""

    TOP = "top", "Top"
    MIDDLE = "middle", "Middle"
    BOTTOM = "bottom", "Bottom"
    AFTER = "after", "After the purchase"


class Pipeline(WorkspaceRow):
    """The stages that deals pass through. `source`: made for deals that this source keeps."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=100)
    place = models.IntegerField(default=0, help_text="from left to right")
    made_for = models.CharField(max_length=20, blank=True, help_text="companies, households; empty: made by a member")
    source = models.ForeignKey(Source, on_delete=models.SET_NULL, null=True, related_name="+")
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "made_for"], condition=models.Q(made_for__gt=""), name="pipeline_made_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "source", "name"],
                condition=models.Q(source__isnull=False),
                name="pipeline_of_source_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PipelineStage(WorkspaceRow):
    """A column of the board. A deal in a stage of kind won or lost is decided."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=100)
    place = models.IntegerField(default=0, help_text="from left to right")
    kind = models.CharField(max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    band = models.CharField(max_length=6, choices=Band.choices, default=Band.BOTTOM)
    needs = models.JSONField(default=list, help_text="what a deal must have to leave it")
    tasks = models.JSONField(default=list, help_text="what it brings: {title, days} each")
    wins_after_days = models.IntegerField(null=True, help_text="a deal that stays so long is won: the time to withdraw")

    def __str__(self) -> str:
        return self.name


class LostReason(WorkspaceRow):
    """An entry of the workspace's list of why deals are lost."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=100)
    place = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="lost_reason_once")]

    def __str__(self) -> str:
        return self.name
