from django.db import models

from fullfunnel.core import clock
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import User, WorkspaceRow


class RuleVersion(WorkspaceRow):
    """The rules of a workspace's stages at a time, or a draft of them. The adopted one is that which was adopted last."""

    number = models.IntegerField(help_text="counted in the workspace; how questions name it")
    sells = models.CharField(max_length=20, help_text="the kind of workspace that it is for")
    rules = models.JSONField(help_text="as journeys.stages.rule_set reads it")
    based_on = models.IntegerField(null=True, blank=True, help_text="the number of the version that it was made from")
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    adopted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    adopted_at = models.DateTimeField(null=True, blank=True, help_text="empty: a draft")
    note = models.CharField(max_length=300, blank=True, help_text="why it was adopted")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.adopted_at is None


class MovesRead(WorkspaceRow):
    """How far the live moves of a workspace were looked for."""

    read_seq = models.BigIntegerField(help_text="the number of the last event that was looked at")
    live_seq = models.BigIntegerField(help_text="the number of the last event that may have moved somebody")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_reading_of_moves")]

    def __str__(self) -> str:
        return f"{self.read_seq} of {self.live_seq}"


class StageMove(WorkspaceRow):
    """That a person reached a stage live under a version of the rules, and was told of as `stage_entered`."""

    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    stage = models.CharField(max_length=20)
    rules = models.IntegerField(help_text="the number of the version")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "rules"], name="moves_of_a_person")]

    def __str__(self) -> str:
        return self.stage
