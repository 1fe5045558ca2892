from django.db import models
from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import User, WorkspaceRow


class Form(WorkspaceRow):
    """A form that customers fill in. What they see stands in its versions."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=120, help_text="for the members; events carry it")
    hands_over = models.BooleanField(default=False, help_text="a submission is a lead for the sellers")
    origins = models.JSONField(default=list, help_text="sites that may frame it, as https://www.example.com")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, help_text="its page takes nothing any more")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="form_name_once")]

    def __str__(self) -> str:
        return self.name


class FormVersion(WorkspaceRow):
    """What a form asks and says (`content`, as fields.Content writes it): its draft, or once published unchangeable."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    step = models.PositiveIntegerField(default=0, help_text="of a draft: which of its steps `content` is")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_once"),
            models.UniqueConstraint(fields=["form"], condition=Q(published_at=None), name="form_has_one_draft"),
        ]


class DraftStep(WorkspaceRow):
    """What a draft said after an edit: undo goes back to the one before, redo on to the next. Gone when it is published."""

    draft = models.ForeignKey(FormVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    content = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="draft_step_once")]


class Submission(WorkspaceRow):
    """What somebody sent. `answers`: field key -> value; a field that was not sent is absent, one left empty is ""."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id)
    form = models.ForeignKey(Form, on_delete=models.RESTRICT, related_name="submissions")
    version = models.ForeignKey(FormVersion, on_delete=models.RESTRICT, related_name="+")
    # RESTRICT: submissions go by wiring.ROWS_OF_PEOPLE.
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    nonce = models.CharField(max_length=32, unique=True, help_text="of the page that it was typed into")
    answers = models.JSONField(default=dict)
    consents = models.JSONField(default=list, help_text="purpose, given, text and its version, as they stood there")
    came = models.JSONField(default=dict, help_text="url, referrer, first page, campaign and click ids")
    event_id = models.CharField(max_length=200, blank=True, help_text="of its form_submitted")
    email = models.CharField(max_length=320, blank=True)
    device = models.CharField(max_length=20, blank=True)
    network = models.CharField(max_length=32, blank=True, help_text="a hash that only this day knows; for limits")
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index("form", "sent_at", "id", name="submission_of_form"),
            models.Index("workspace", "sent_at", "id", name="submission_of_workspace"),
            models.Index("workspace", "email", "sent_at", condition=Q(email__gt=""), name="submission_by_address"),
            models.Index("workspace", "network", "sent_at", name="submission_by_network"),
            models.Index("workspace", "event_id", condition=Q(event_id__gt=""), name="submission_by_event"),
        ]


class RefusedSubmissions(WorkspaceRow):
    """How many submissions of a form were refused on a day, by the reason. Nothing else of them is kept."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="refused")
    day = models.DateField()
    reason = models.CharField(max_length=20, help_text="trap, bot, fast, expired, rate, wrong")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "day", "reason"], name="refused_once_a_day")]


class PainPoint(WorkspaceRow):
    """What brings customers to the workspace: an answer to "What brings you here?"."""

    key = models.CharField(max_length=32, default=new_public_id, help_text="stays when the words change")
    label = models.CharField(max_length=120)
    translations = models.JSONField(default=dict, help_text="language -> label")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="pain_point_once")]

    def __str__(self) -> str:
        return self.label

    def said_in(self, language: str) -> str:
        return str(self.translations.get(language) or self.label)
