from decimal import Decimal

from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.crm.models import Task
from fullfunnel.workspaces.models import User, WorkspaceRow


class LeakState(models.TextChoices):
    OPEN = "open", "open"
    MENDED = "mended", "mended"
    CLOSED = "closed", "not a leak"


class Leak(WorkspaceRow):
    """A group that goes on less often than the others at a step: found once, and watched from then on."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    key = models.CharField(max_length=400, help_text="step, dimension and value: the same leak is the same row")
    evidence = models.JSONField(help_text="as the question of leaks answered it last")
    per_month = models.DecimalField(max_digits=18, decimal_places=4, null=True, help_text="empty: nothing was ever won")
    currency = models.CharField(max_length=3, blank=True)
    is_there = models.BooleanField(default=True, help_text="whether the last look found it")
    state = models.CharField(max_length=10, choices=LeakState.choices, default=LeakState.OPEN)
    first_seen_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField(null=True)
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, related_name="+")
    mended_on = models.DateField(null=True)
    recovered = models.JSONField(null=True, help_text="before and after mended_on, as the question of leaks answers it")
    reason = models.CharField(max_length=300, blank=True, help_text="why it is none")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)
    told_per_month = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="one_leak_per_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_open(self) -> bool:
        return self.state == LeakState.OPEN and self.is_there

    @property
    def is_growing(self) -> bool:
        told = self.told_per_month
        return bool(told and self.per_month and self.per_month >= told * Decimal("1.5"))


class LeakScan(WorkspaceRow):
    """The last look for leaks: what the question answered beside the leaks, and of which state of the data."""

    scanned_at = models.DateTimeField(default=clock.now)
    version = models.CharField(max_length=200)
    answer = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_scan_per_workspace")]

    def __str__(self) -> str:
        return f"{self.scanned_at:%Y-%m-%d}"
