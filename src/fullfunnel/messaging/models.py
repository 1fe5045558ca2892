from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import WorkspaceRow


class Topic(WorkspaceRow):
    """What somebody may agree to be written about. The word on it is a people.Consent of its key."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    key = models.CharField(max_length=40, help_text="the purpose of its consents; never changes")
    name = models.CharField(max_length=100)
    says = models.CharField(max_length=300, blank=True, help_text="what one gets, for whoever chooses")
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="topic_once")]

    def __str__(self) -> str:
        return self.name


class OptIn(WorkspaceRow):
    """Somebody asked for a topic; it counts once they press the button behind the link in their mail."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="stands in the link")
    # RESTRICT: opt-ins go by wiring.ROWS_OF_PEOPLE, and an erasure that we do not hear of fails.
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="opt_ins")
    address = models.CharField(max_length=254, help_text="where the link went")
    source = models.CharField(max_length=100, help_text="where they asked, such as a form")
    text = models.TextField(blank=True, help_text="what they ticked, as it stood there")
    text_version = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=8, default="en")
    asked_at = models.DateTimeField(default=clock.now)
    mailed_at = models.DateTimeField(null=True, help_text="null: no mail server took the link yet")
    mails = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="a newer one took its place, or they unsubscribed")

    class Meta:
        indexes = [models.Index(fields=["person", "topic", "-asked_at"], name="opt_in_of_person")]


class Pause(WorkspaceRow):
    """Somebody wants no marketing for a while."""

    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    until = models.DateTimeField()
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)


class Suppression(WorkspaceRow):
    """An address that gets no marketing any more, as a hash: it outlives the erasure of whoever had it."""

    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=40, help_text="unsubscribed, bounced, complained")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "digest", "reason"], name="suppression_once")]
