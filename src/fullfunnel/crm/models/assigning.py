from django.db import models

from fullfunnel.core.public_ids import new_public_id
from fullfunnel.workspaces.models import User, Workspace, WorkspaceRow


class WhenLate(models.TextChoices):
    """What happens, once, to a hand-over whose first answer is late."""

    STAYS = "stays", "It stays where it is, and is marked"
    POOL = "pool", "It goes back into the pool"
    COLLEAGUE = "colleague", "It goes to the colleague whose turn it is"


class SalesRules(WorkspaceRow):
    """How new leads are shared out, and what marketing and sales promise each other."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="+")
    by_turn = models.BooleanField(default=False, help_text="new leads go to sellers by turn, not into the pool")
    when_late = models.CharField(max_length=10, choices=WhenLate.choices, default=WhenLate.STAYS)
    answer_minutes = models.PositiveIntegerField(help_text="of working time, until the first answer")
    age_out_days = models.PositiveIntegerField(help_text="of eight working hours, until it ages out")
    hand_overs_a_month = models.PositiveIntegerField(null=True, help_text="what marketing promises")
    status_days = models.PositiveIntegerField(
        null=True, help_text="days of eight working hours within which sales promises to decide"
    )


class Territory(WorkspaceRow):
    """Leads that a seller looks after, by where they are or by what is known of them. Who has none takes all."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    countries = models.JSONField(default=list, help_text="codes of two letters")
    postcodes = models.CharField(max_length=1000, blank=True, help_text="ranges: 80000-81999, 1010, 4*")
    conditions = models.JSONField(default=list, help_text="territories.Condition, each as {name, op, value}")


class Turn(WorkspaceRow):
    """How many leads somebody got by turn, and when the last one. Who is away is lifted to the others (turn.lifted)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    given = models.FloatField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="turn_once")]
