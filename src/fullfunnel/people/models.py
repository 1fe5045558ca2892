from django.db import models

from fullfunnel.core import clock
from fullfunnel.workspaces.models import User, WorkspaceRow


class Company(WorkspaceRow):
    """A firm (or household) one sells to: Segment's group, a CRM's account."""

    key = models.CharField(max_length=200, help_text="the id the outside world gives it (groupId)")
    name = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    traits = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="company_key_once")]

    def __str__(self) -> str:
        return self.name or self.key


class Person(WorkspaceRow):
    """Somebody in the stream, in whatever stage: visitor, lead, contact and customer are stages of a person."""

    public_id = models.CharField(max_length=32, unique=True, help_text="random; stands in URLs")
    traits = models.JSONField(default=dict)
    name = models.CharField(max_length=300, blank=True, db_index=True)
    email = models.CharField(max_length=320, blank=True, db_index=True)
    is_identified = models.BooleanField(default=False, help_text="has a user id, or a verified e-mail address")
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="people")
    created_at = models.DateTimeField(default=clock.now)
    first_seen_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True, db_index=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name or self.email or f"Visitor {self.public_id[:6]}"


class Identity(WorkspaceRow):
    """One identifier of a person. Its id is what events carry, for ever; which person it belongs to may change."""

    kind = models.CharField(max_length=40, help_text="user_id, email, anonymous_id, …")
    value = models.CharField(max_length=400)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    is_verified = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind", "value"], name="identity_once")]


class Merge(WorkspaceRow):
    """A merge that can be undone: what `loser` was, exactly, before `winner` took it in."""

    winner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    loser = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    identities = models.JSONField(help_text="ids of the identities that moved")
    before = models.JSONField(help_text="both records as they were")
    cause = models.CharField(max_length=40, help_text="event, user or server key")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)


class MergeProposal(WorkspaceRow):
    """Two identified people that something says are one; a user decides."""

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=clock.now)
    decision = models.CharField(max_length=10, blank=True, help_text="empty: open; merged; kept")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="proposal_once")]


class Consent(WorkspaceRow):
    """The latest word of a person on one purpose; its history is the stream (consent_changed)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40, help_text="email, analytics, phone, …")
    given = models.BooleanField()
    source = models.CharField(max_length=100)
    text_version = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "purpose"], name="consent_once")]


class Tombstone(WorkspaceRow):
    """The hash of an erased identifier, so that a late event does not bring the person back."""

    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "digest"], name="tombstone_once")]
