from django.db import models

from fullfunnel.core import clock
from fullfunnel.workspaces.models import Workspace, WorkspaceRow


class Batch(models.Model):
    """A frozen range of journal and outbox on its way to the lake; it can be repeated."""

    class State(models.TextChoices):
        FROZEN = "frozen", "Frozen"
        STORED = "stored", "In the lake and in the manifest"

    journal_from = models.BigIntegerField(help_text="first journal row, included")
    journal_to = models.BigIntegerField(help_text="last journal row, included; below journal_from: none")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FROZEN)
    frozen_at = models.DateTimeField(default=clock.now)
    stored_at = models.DateTimeField(null=True)
    events = models.IntegerField(default=0)
    duplicates = models.IntegerField(default=0)


class Outbox(WorkspaceRow):
    """An event that an action wrote in its own transaction; the drain turns it into one in the lake.

    `source_kind` is empty where we ourselves say it. Else somebody told us through that source, and is believed as
    little as what that kind of source sends to the journal.
    """

    arrival = models.BinaryField(help_text="an Arrival, msgspec JSON")
    source_id = models.BigIntegerField(default=0, help_text="0: none")
    source_kind = models.CharField(max_length=20, blank=True, default="", help_text="web, server, file, or empty")
    ip = models.CharField(max_length=45, blank=True, default="")
    user_agent = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="+")


class LakeFile(models.Model):
    """The manifest: readers query the files with `superseded_at` empty."""

    path = models.CharField(max_length=200, unique=True, help_text="below the data directory")
    first_batch = models.BigIntegerField()
    last_batch = models.BigIntegerField()
    events = models.IntegerField()
    bytes = models.BigIntegerField()
    from_at = models.BigIntegerField(help_text="earliest occurred_at, µs")
    to_at = models.BigIntegerField(help_text="latest occurred_at, µs")
    workspaces = models.JSONField(default=list, help_text="ids of the workspaces with events in it")
    created_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True, db_index=True)


class KeyBlock(models.Model):
    """Deduplication keys of a batch: sorted 64-bit hashes. Older ones are in files below `keys/`."""

    batch = models.BigIntegerField(primary_key=True)
    day = models.IntegerField(help_text="days since 1970 UTC")
    live = models.BinaryField(help_text="int64, to be forgotten after 30 days")
    forever = models.BinaryField(help_text="int64, from imports: never forgotten")


class Extent(models.Model):
    """How far a workspace's stream reaches; it changes with every batch and erasure."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, primary_key=True, related_name="+")
    last_batch = models.BigIntegerField(default=0)
    events = models.BigIntegerField(default=0)
    latest_at = models.BigIntegerField(null=True, help_text="latest occurred_at, µs")
    erasures = models.IntegerField(default=0)


class Cursor(models.Model):
    """How far a reaction has come. While it reads the past, `seq` moves and `batch` waits."""

    reaction = models.CharField(max_length=100, primary_key=True, help_text="its name in wiring.ON_EVENT")
    batch = models.BigIntegerField(default=0, help_text="handled, and every stored batch before it")
    seq = models.BigIntegerField(default=0, help_text="no event up to this number is told again")
    fills_to = models.BigIntegerField(null=True, help_text="reads the past up to this number; null: it has read it")
    moved_at = models.DateTimeField(default=clock.now)


class Refusal(WorkspaceRow):
    """An item that was not taken, with the reason."""

    source_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    item = models.TextField(help_text="what was sent, cut at 2,000 characters")
    journal_key = models.CharField(
        max_length=60, unique=True, help_text="journal row and position: makes it safe to repeat"
    )


class EventName(WorkspaceRow):
    """Catalogue: an event name of a workspace. Beyond 10,000, names count as (other)."""

    name = models.CharField(max_length=200)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="event_name_once")]


class EventProperty(WorkspaceRow):
    """Catalogue: a property of an event name, with the kind of its values."""

    event = models.ForeignKey(EventName, on_delete=models.CASCADE, related_name="properties")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, default="text", help_text="text, number or boolean")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="event_property_once")]


class SavedMapping(WorkspaceRow):
    """How the columns of a file are read, for the next file of its kind."""

    name = models.CharField(max_length=100)
    what = models.CharField(max_length=10, help_text="events or people")
    header = models.JSONField(help_text="the file's columns, sorted: a file with the same ones is recognised")
    reading = models.JSONField(
        help_text="columns (what -> column), event_name, time_format, rename (column -> property)"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "what", "name"], name="mapping_name_once")]
