from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.workspaces.models import User, WorkspaceRow


class Status(models.TextChoices):
    PLANNED = "planned", "Planned"
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"
    ENDED = "ended", "Ended"


class Campaign(WorkspaceRow):
    """What is done to be found, with what it may cost.

    Without `tags` its people are all those of its channel who came without a campaign: articles that are found by searching.
    """

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=200)
    channel = models.CharField(max_length=60, help_text="as visits tell it")
    source = models.CharField(max_length=200, blank=True, help_text="utm_source, in lower case")
    medium = models.CharField(max_length=200, blank=True, help_text="utm_medium, in lower case")
    tags = models.JSONField(default=list, help_text="values of utm_campaign, in lower case")
    platform = models.CharField(max_length=40, blank=True)
    platform_id = models.CharField(max_length=200, blank=True, help_text="what the platform calls it in reports")
    budget = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    currency = models.CharField(max_length=3)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.RUNNING)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="campaign_name_once")]

    def __str__(self) -> str:
        return self.name


class SpendReport(WorkspaceRow):
    """Spend that was brought at once: a file, a line that somebody typed, a call of the API."""

    class Came(models.TextChoices):
        FILE = "file", "File"
        TYPED = "typed", "Typed"
        API = "api", "API"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=200, help_text="as its giver called the file")
    came = models.CharField(max_length=10, choices=Came.choices)
    content = models.BinaryField(default=bytes, help_text="the file, compressed, until it is brought")
    mapping = models.JSONField(default=dict, help_text="how its columns are read")
    platform = models.CharField(max_length=40, blank=True)
    rows = models.PositiveIntegerField(default=0)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    refused = models.JSONField(default=list, help_text="[line, reason, the row's cells]")
    added_at = models.DateTimeField(default=clock.now)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    brought_at = models.DateTimeField(null=True, help_text="null: looked at, and not brought yet")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-added_at"], name="spend_report_latest")]

    def __str__(self) -> str:
        return self.name


class Spend(WorkspaceRow):
    """What a platform took on a day, in a currency, for a campaign, ad group or ad. A later report's row replaces it."""

    report = models.ForeignKey(SpendReport, on_delete=models.CASCADE, related_name="+")
    replaced_by = models.ForeignKey(SpendReport, on_delete=models.SET_NULL, null=True, related_name="+")
    day = models.DateField()
    platform = models.CharField(max_length=40)
    campaign_id = models.CharField(max_length=200, blank=True, help_text="the platform's")
    campaign_name = models.CharField(max_length=300, blank=True, help_text="the platform's")
    ad_group = models.CharField(max_length=300, blank=True)
    ad = models.CharField(max_length=300, blank=True)
    amount = models.DecimalField(max_digits=16, decimal_places=4)
    currency = models.CharField(max_length=3)
    impressions = models.BigIntegerField(default=0)
    clicks = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["workspace", "replaced_by", "day"], name="spend_by_day")]


class SpendName(WorkspaceRow):
    """What somebody said a name in reports belongs to: a campaign, or nothing that counts here."""

    platform = models.CharField(max_length=40)
    name = models.CharField(max_length=300, help_text="the platform's id of a campaign, or its name in lower case")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "platform", "name"], name="spend_name_once")]


class Margin(WorkspaceRow):
    """What is left of revenue after what is sold was made: ROI and payback need it."""

    gross = models.DecimalField(max_digits=5, decimal_places=4, help_text="a share, 0.8 for 80 %")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="margin_once")]

    @property
    def percent(self) -> str:
        """As it is said: "80" or "82.5"."""
        return f"{(self.gross * 100).normalize():f}"


class Piece(WorkspaceRow):
    """A piece of content: something to read, see or hear, for a stage of the way to a purchase."""

    class Kind(models.TextChoices):
        PAGE = "page", "Page"
        FILE = "file", "File"
        VIDEO = "video", "Video"
        WEBINAR = "webinar", "Webinar"
        POST = "post", "Social post"

    class Stage(models.TextChoices):
        AWARENESS = "awareness", "Awareness"
        INTEREST = "interest", "Interest"
        CONSIDERATION = "consideration", "Consideration"
        OPPORTUNITY = "opportunity", "Opportunity"
        LOYALTY = "loyalty", "Loyalty"

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    stage = models.CharField(max_length=20, choices=Stage.choices)
    pain_point = models.CharField(max_length=200, blank=True)
    pattern = models.CharField(max_length=500, blank=True, help_text="path of its page; a * at the end is any text")
    tag = models.CharField(max_length=200, blank=True, help_text="utm_content of the link in a post")
    link = models.CharField(max_length=1_000, blank=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="piece_name_once")]

    def __str__(self) -> str:
        return self.name
