from django.db import models

from fullfunnel.core import clock
from fullfunnel.people.identifiers import kind_words
from fullfunnel.workspaces.models import User, Workspace, WorkspaceRow

# The people that lists show and questions count: neither merged into another, nor a contact unknown.
LISTED = models.Q(merged_into=None, is_contact_unknown=False)


class CompanyKind(models.TextChoices):
    COMPANY = "company", "Company"
    HOUSEHOLD = "household", "Household"


class Company(WorkspaceRow):
    """A firm (or household) one sells to: Segment's group, a CRM's account."""

    key = models.CharField(max_length=200, help_text="the id the outside world gives it (groupId)")
    name = models.CharField(max_length=300, blank=True)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    traits = models.JSONField(default=dict)
    vouched_traits = models.JSONField(
        default=list, help_text="those that a server or a file said: no browser changes them"
    )
    created_at = models.DateTimeField(default=clock.now)
    kind = models.CharField(
        max_length=10, choices=CompanyKind.choices, default=CompanyKind.COMPANY, db_default=CompanyKind.COMPANY
    )
    is_competitor = models.BooleanField(default=False, db_default=False)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", help_text="the seller who looks after it"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="company_key_once")]
        # The orders of the list; what stands behind the id is looked through there, without the table.
        indexes = [
            models.Index("workspace", "id", "name", "key", "domain", "kind", "owner", name="company_newest"),
            models.Index("workspace", "name", "id", "kind", "owner", name="company_name"),
        ]

    def __str__(self) -> str:
        return self.name or self.key


class CompanyDomain(WorkspaceRow):
    """A domain of a company's mail. Only a verified one says by an address to which company somebody belongs."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, help_text="registrable, in lower case, as punycode")
    verified_at = models.DateTimeField(null=True, help_text="a member confirmed it, or two identified people have it")
    verified_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "domain"], name="company_domain_once"),
            models.UniqueConstraint(
                fields=["workspace", "domain"],
                condition=models.Q(verified_at__isnull=False),
                name="company_domain_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.domain


class Person(WorkspaceRow):
    """Somebody in the stream, in whatever stage: visitor, lead, contact and customer are stages of a person.

    `name`, `email` and `search_text` follow from `traits` (traits.columns_of). Only the indexes that lists need: a drain
    inserts thousands of visitors at once.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    public_id = models.CharField(max_length=32, unique=True, help_text="random; stands in URLs")
    traits = models.JSONField(default=dict, help_text="texts by name")
    traits_at = models.JSONField(default=dict, help_text="when each trait was said, µs: an older word changes nothing")
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=320, blank=True)
    search_text = models.CharField(max_length=640, blank=True, help_text="name and e-mail address, case folded")
    is_identified = models.BooleanField(default=False, help_text="has a user id, or a verified e-mail address")
    company = models.ForeignKey(Company, on_delete=models.SET_NULL, null=True, related_name="people", db_index=False)
    created_at = models.DateTimeField(default=clock.now)
    first_seen_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    is_contact_unknown = models.BooleanField(
        default=False,
        db_default=False,
        help_text="stands for a company of which nobody is known: on no list, in no count of people",
    )

    class Meta:
        indexes = [
            models.Index("workspace", "last_seen_at", "id", condition=LISTED, name="person_seen"),
            models.Index("workspace", "is_identified", "last_seen_at", condition=LISTED, name="person_known"),
            models.Index("workspace", condition=models.Q(is_contact_unknown=True), name="person_contact_unknown"),
            models.Index("workspace", "first_seen_at", "id", "is_identified", condition=LISTED, name="person_since"),
            models.Index(
                "workspace",
                "search_text",
                "id",
                "is_identified",
                condition=models.Q(search_text__gt=""),
                name="person_search",
            ),
            models.Index("workspace", "email", condition=models.Q(email__gt=""), name="person_email"),
            models.Index(
                "company",
                "workspace",
                "last_seen_at",
                "id",
                "merged_into",
                "is_contact_unknown",
                condition=models.Q(company__isnull=False),
                name="person_company",
            ),
            models.Index("merged_into", condition=models.Q(merged_into__isnull=False), name="person_merged"),
        ]

    def __str__(self) -> str:
        if self.is_contact_unknown:
            return f"Contact unknown at {self.company}" if self.company else "The firm itself"
        return self.name or self.email or f"Visitor {self.public_id[:6]}"

    def living(self) -> "Person":
        """Return whom this person is part of now, after any number of merges."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person


class Identity(WorkspaceRow):
    """One identifier of a person. Its id is what events carry, for ever; which person it belongs to may change."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40, help_text="user_id, email, anonymous_id, …")
    value = models.CharField(max_length=400)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    is_verified = models.BooleanField(
        default=False,
        help_text="not merely a browser's claim that it is this person's; never false for a user id",
    )
    created_at = models.DateTimeField(default=clock.now, help_text="when it was first seen with the person")
    moved = models.BigIntegerField(
        default=0, db_default=0, help_text="PeopleVersion.moves when it last changed its person; 0: never"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind", "value"], name="identity_once")]
        indexes = [
            models.Index("workspace", "moved", condition=models.Q(moved__gt=0), name="identity_moved"),
        ]

    def kind_words(self) -> str:
        """What the pages call its kind."""
        return kind_words(self.kind)


class Merge(WorkspaceRow):
    """A merge that can be undone: what `loser` was, exactly, before `winner` took it in."""

    winner = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    loser = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    identities = models.JSONField(help_text="ids of the identities that moved")
    before = models.JSONField(help_text="both records as they were, and the winner's as it became")
    moved = models.JSONField(default=dict, help_text="what rooms above moved, by their name in wiring.ROWS_OF_PEOPLE")
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


class PeopleVersion(models.Model):
    """Counts what changed in a workspace's people: caches compare it, and whoever changes people locks it first."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True, related_name="+")
    moves = models.BigIntegerField(default=0, help_text="identities that changed their person, or went")
    traits = models.BigIntegerField(default=0, help_text="changes of traits, companies and people")
    locks = models.BigIntegerField(default=0, db_default=0, help_text="transactions that were about to change people")


class ResolvedBatch(models.Model):
    """How far a batch's people are settled: up to there, resolved again, they are only looked up."""

    batch = models.BigIntegerField(primary_key=True)
    last_seq = models.BigIntegerField()


class Erasure(WorkspaceRow):
    """Identities whose people were erased, until the stream holds no event of theirs any more."""

    identities = models.JSONField(help_text="ids; nothing else is left of them when it is done")
    keys = models.JSONField(
        default=list, help_text="[kind, value] of each, until journal and outbox hold nothing of theirs"
    )
    events = models.IntegerField(default=0, help_text="how many events went")
    at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
