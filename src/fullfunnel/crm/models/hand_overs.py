from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.crm.models.elsewhere import KeptElsewhere
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import User, WorkspaceRow


class Outcome(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    RECYCLED = "recycled", "Recycled"
    AGED_OUT = "aged_out", "Aged out"


class What(models.TextChoices):
    """What happened to a hand-over. All but the last two say its outcome."""

    HANDED_OVER = "handed_over", "Handed over"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    RECYCLED = "recycled", "Recycled"
    AGED_OUT = "aged_out", "Aged out"
    REOPENED = "reopened", "Reopened"
    ASSIGNED = "assigned", "Assigned"
    RESCHEDULED = "rescheduled", "Due at another time"


class HandOver(KeptElsewhere, WorkspaceRow):
    """A person handed to sales, once for each cause. Its outcome is that of its last move."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", db_index=False)
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    cause_event = models.CharField(max_length=200, help_text="id of the event that led to it")
    why = models.JSONField(default=list, help_text="crm.reasons.Reason, each as {text, points, of}")
    fit = models.IntegerField(default=0, help_text="sum of the reasons of fit, at most 100")
    engagement = models.IntegerField(default=0, help_text="sum of the reasons of engagement, at most 100")
    form = models.CharField(max_length=200, blank=True, help_text="name of the form that led to it")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    handed_over_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was rejected or recycled")
    recycled_until = models.DateField(null=True, help_text="when to look at it again")
    owned_because = models.CharField(max_length=300, blank=True, help_text="why its owner has it, or nobody")
    due_at = models.DateTimeField(null=True, help_text="by when the first answer is promised; null: never")
    ages_out_at = models.DateTimeField(null=True, help_text="null: not by itself, as what was told as history")
    moved_late_at = models.DateTimeField(null=True, help_text="when it was taken away because it was late")
    asked_again = models.IntegerField(default=0, help_text="how often they asked again while it was open")
    asked_again_at = models.DateTimeField(null=True)
    deal = models.ForeignKey(
        "crm.Deal", on_delete=models.SET_NULL, null=True, related_name="+", help_text="what it led to"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "cause_event"], name="hand_over_once"),
            models.UniqueConstraint(
                fields=["workspace", "source", "external_id"],
                condition=models.Q(external_id__gt=""),
                name="hand_over_external_once",
            ),
        ]
        # Careful: SQLite has no statistics here. An index wins by the number of columns that a query fixes, so each has the workspace.
        indexes = [
            models.Index(fields=["workspace", "outcome", "-handed_over_at", "-id"], name="hand_over_outcome"),
            models.Index(
                fields=["workspace", "outcome", "owner", "-handed_over_at", "-id", "is_kept_elsewhere"],
                name="hand_over_owner",
            ),
            models.Index(
                "workspace",
                "outcome",
                (models.F("fit") + models.F("engagement")).desc(),
                models.F("handed_over_at").desc(),
                models.F("id").desc(),
                "owner",
                "is_kept_elsewhere",
                name="hand_over_score",
            ),
            models.Index(fields=["workspace", "-handed_over_at", "-id"], name="hand_over_newest"),
            models.Index(fields=["person", "workspace", "-handed_over_at", "-id"], name="hand_over_person"),
            models.Index(fields=["workspace", "-decided_at", "-id"], name="hand_over_decided"),
            models.Index(fields=["company", "workspace", "outcome", "handed_over_at", "id"], name="hand_over_company"),
            models.Index(fields=["outcome", "ages_out_at"], name="hand_over_ages"),
            models.Index(fields=["outcome", "workspace", "due_at"], name="hand_over_due"),
        ]


class HandOverMove(WorkspaceRow):
    """What happened to a hand-over. Rows are added, never changed."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="moves")
    what = models.CharField(max_length=12, choices=What.choices)
    at = models.DateTimeField(default=clock.now)
    seq = models.BigIntegerField(default=0, help_text="the event's number in the stream, for moves told by events")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=300, blank=True)
    told = models.JSONField(
        default=dict, help_text="what else belongs to it: owners before and after, until, who said it"
    )
    event_id = models.CharField(
        max_length=200, blank=True, help_text="of the event that told it; empty: our own action"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hand_over", "event_id"], condition=models.Q(event_id__gt=""), name="hand_over_move_once"
            )
        ]


class HandOverJoin(WorkspaceRow):
    """Somebody who asked while a hand-over was open: a second person of the company, or the same person again."""

    class Kind(models.TextChoices):
        JOINED = "joined", "Joined"
        ASKED_AGAIN = "asked_again", "Asked again"

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    hand_over = models.ForeignKey(HandOver, on_delete=models.CASCADE, related_name="joins")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    cause_event = models.CharField(max_length=200)
    why = models.JSONField(default=list, help_text="as HandOver.why")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "cause_event"], name="hand_over_join_once")]
