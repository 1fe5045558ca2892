from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Membership, WorkspaceRow


class Notice(WorkspaceRow):
    """What a member was told: one sentence, and the page that it leads to. It goes with the membership."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_index=False)
    # RESTRICT: notices go by wiring.ROWS_OF_PEOPLE, and an erasure that we do not hear of fails.
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, null=True, related_name="+")
    kind = models.CharField(max_length=30, help_text="of notices.kinds.KINDS")
    subject = models.CharField(max_length=64, help_text="public id of what it is about")
    occasion = models.CharField(max_length=64, help_text="which time, of one subject: a day, a moment, a count")
    sentence = models.CharField(max_length=300)
    path = models.CharField(max_length=300, help_text="of the page to open")
    told_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "subject", "occasion"], name="notice_once"),
        ]
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_newest"),
            models.Index(fields=["member"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["told_at"], name="notice_told"),
        ]

    def __str__(self) -> str:
        return self.sentence


class NoticeChoice(WorkspaceRow):
    """How a member wants to be told of one kind."""

    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=30, help_text="of notices.kinds.KINDS")
    how = models.CharField(max_length=10, help_text="of notices.kinds.HOWS")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "kind"], name="notice_choice_once")]
