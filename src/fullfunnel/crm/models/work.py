from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.crm.models.deals import Deal
from fullfunnel.crm.models.pipelines import PipelineStage
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User, WorkspaceRow


class ActivityKind(models.TextChoices):
    CALL = "call", "Call"
    EMAIL = "email", "E-mail"
    MEETING = "meeting", "Meeting"
    DEMO = "demo", "Demo"
    PRESENTATION = "presentation", "Presentation"
    SITE_VISIT = "site_visit", "Site visit"


class Direction(models.TextChoices):
    OUT = "out", "Outbound"
    IN = "in", "Inbound"


class Activity(WorkspaceRow):
    """What a seller did with somebody: about a person, a deal or a company, at least one of them."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+", db_index=False)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, null=True, related_name="activities", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=ActivityKind.choices)
    direction = models.CharField(max_length=3, choices=Direction.choices, default=Direction.OUT)
    outcome = models.CharField(max_length=100, blank=True, help_text="reached, no answer, held, not there, …")
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    logged_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "workspace", "-at", "-id"],
                condition=models.Q(person__isnull=False),
                name="activity_person",
            ),
            models.Index(
                fields=["deal", "workspace", "-at", "-id"], condition=models.Q(deal__isnull=False), name="activity_deal"
            ),
            models.Index(
                fields=["company", "workspace", "-at", "-id"],
                condition=models.Q(company__isnull=False),
                name="activity_company",
            ),
            models.Index(fields=["workspace", "-at", "-id"], name="activity_newest"),
        ]


class Task(WorkspaceRow):
    """What somebody of us has to do, about a person or a deal. It is no event."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    title = models.CharField(max_length=300)
    due_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+", db_index=False)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, null=True, related_name="tasks", db_index=False)
    activity = models.ForeignKey(
        Activity, on_delete=models.SET_NULL, null=True, related_name="tasks", help_text="the call that it came of"
    )
    stage = models.ForeignKey(
        PipelineStage, on_delete=models.SET_NULL, null=True, related_name="+", help_text="the stage that brought it"
    )
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "owner", "due_at"], condition=models.Q(done_at=None), name="task_open"),
            models.Index(
                fields=["person", "workspace", "due_at"], condition=models.Q(person__isnull=False), name="task_person"
            ),
            models.Index(
                fields=["deal", "workspace", "due_at"], condition=models.Q(deal__isnull=False), name="task_deal"
            ),
        ]

    def __str__(self) -> str:
        return self.title
