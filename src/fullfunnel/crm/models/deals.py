from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.crm.models.elsewhere import KeptElsewhere
from fullfunnel.crm.models.hand_overs import HandOver
from fullfunnel.crm.models.pipelines import LostReason, Pipeline, PipelineStage, StageKind
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User, WorkspaceRow


class Bant(models.TextChoices):
    BUDGET = "budget", "Budget"
    AUTHORITY = "authority", "Authority"
    TIMING = "timing", "Timing"


class SaidBy(models.TextChoices):
    BUYER = "buyer", "The buyer"
    SELLER = "seller", "The seller"


# The deals that lists show and sums count: not those that were taken back.
LISTED = models.Q(taken_back_at=None)
FILTERED = ("state", "owner", "pipeline", "stage")


class Deal(KeptElsewhere, WorkspaceRow):
    """What somebody may buy. `state` is its stage's kind, but for what is won by the passing of time."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=200)
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    hand_over = models.ForeignKey(HandOver, on_delete=models.SET_NULL, null=True, related_name="+")
    pipeline = models.ForeignKey(Pipeline, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.ForeignKey(PipelineStage, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=4, choices=StageKind.choices, default=StageKind.OPEN)
    stage_since = models.DateTimeField(default=clock.now)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    closes_on = models.DateField(null=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_on = models.DateField(null=True)
    need = models.TextField(blank=True)
    need_is_assumed = models.BooleanField(default=False, help_text="the seller supposes it; nobody has confirmed it")
    bant = models.CharField(max_length=10, choices=Bant.choices, blank=True, help_text="which one more thing is known")
    bant_text = models.TextField(blank=True)
    bant_is_assumed = models.BooleanField(default=False)
    opened_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, help_text="when it was won or lost")
    lost_reason = models.ForeignKey(LostReason, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    lost_text = models.TextField(blank=True)
    competitor = models.CharField(max_length=200, blank=True)
    lost_said_by = models.CharField(max_length=6, choices=SaidBy.choices, blank=True)
    taken_back_at = models.DateTimeField(null=True, help_text="opened by mistake: in no list and no sum")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "external_id"],
                condition=models.Q(external_id__gt=""),
                name="deal_external_once",
            )
        ]
        # Careful: as of HandOver, each has the workspace. What stands behind the id orders nothing: conditions and sums are read
        # there, without the table. deal_newest, deal_amount, deal_closes and deal_step are the orders of the list.
        indexes = [
            models.Index(
                fields=["workspace", "pipeline", "stage", "next_step_on", "stage_since", "id", "owner"],
                condition=LISTED,
                name="deal_board",
            ),
            models.Index(
                fields=["workspace", "pipeline", "state", "stage", "currency", "owner", "amount", "taken_back_at"],
                name="deal_sums",
            ),
            models.Index(
                fields=[
                    "workspace",
                    "-opened_at",
                    "-id",
                    *FILTERED,
                    "closes_on",
                    "next_step_on",
                    "taken_back_at",
                    "name",
                ],
                condition=LISTED,
                name="deal_newest",
            ),
            models.Index(
                fields=["workspace", "-amount", "-id", *FILTERED, "closes_on", "next_step_on"],
                condition=LISTED,
                name="deal_amount",
            ),
            models.Index(
                fields=["workspace", "closes_on", "id", *FILTERED, "next_step_on", "taken_back_at"],
                condition=LISTED,
                name="deal_closes",
            ),
            models.Index(
                fields=["workspace", "next_step_on", "id", *FILTERED, "closes_on"], condition=LISTED, name="deal_step"
            ),
            models.Index(
                fields=["workspace", "pipeline", "state", "owner", "next_step", "next_step_on", "taken_back_at"],
                condition=LISTED & models.Q(next_step="", next_step_on=None),
                name="deal_stepless",
            ),
            models.Index(
                fields=[
                    "workspace",
                    "state",
                    "-decided_at",
                    "-id",
                    "pipeline",
                    "stage",
                    "owner",
                    "currency",
                    "amount",
                    "taken_back_at",
                ],
                condition=LISTED,
                name="deal_decided",
            ),
            models.Index(fields=["company", "workspace", "-opened_at", "-id"], name="deal_company"),
            models.Index(
                "owner",
                "workspace",
                "company",
                "hand_over",
                condition=models.Q(owner__isnull=False),
                name="deal_owner",
            ),
            models.Index(fields=["stage", "state", "stage_since"], name="deal_stage"),
        ]

    def __str__(self) -> str:
        return self.name


class DealMove(WorkspaceRow):
    """What happened to a deal, with amount and close date as they were then. Rows are added, never changed."""

    class Kind(models.TextChoices):
        CREATED = "created", "Opened"
        MOVED = "moved", "Moved"
        CHANGED = "changed", "Changed"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        REOPENED = "reopened", "Reopened"
        ASSIGNED = "assigned", "Assigned"
        TAKEN_BACK = "taken_back", "Taken back"

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    from_stage = models.ForeignKey(PipelineStage, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    to_stage = models.ForeignKey(PipelineStage, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    seq = models.BigIntegerField(default=0, help_text="the event's number in the stream, for moves told by events")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=300, blank=True)
    amount = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True)
    closes_on = models.DateField(null=True)
    about = models.ForeignKey(
        Person, on_delete=models.RESTRICT, null=True, related_name="+", help_text="whom its event is about"
    )
    told = models.JSONField(
        default=dict, help_text="what else belongs to it: before and after, why lost, what a source said"
    )
    event_id = models.CharField(
        max_length=200, blank=True, help_text="of the event that told it; empty: our own action"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "event_id"], condition=models.Q(event_id__gt=""), name="deal_move_once"
            )
        ]


class DealPerson(WorkspaceRow):
    """Somebody's part in a deal."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    role = models.CharField(max_length=100, blank=True, help_text="decides, champion, …; empty: not known yet")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "person"], name="deal_person_once")]
