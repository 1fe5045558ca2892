from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MARKETER = "marketer", "Marketer"
    SELLER = "seller", "Seller"
    VIEWER = "viewer", "Viewer"


class Sells(models.TextChoices):
    """The answer to "How do you sell?" (spec/stages.md): it sets stages, pipeline, menus and words."""

    COMPANIES = "companies", "Salespeople to companies"
    HOUSEHOLDS = "households", "Salespeople to households"
    ONLINE = "online", "Online"
    BOTH = "both", "Online, and salespeople"


class BrowserMoney(models.TextChoices):
    """Whether results count money that a public key reported, and anybody could have made up."""

    COUNTED = "counted", "Counted, and marked"
    LEFT_OUT = "left_out", "Left out"


class AttributionModel(models.TextChoices):
    """Who earned a conversion, by whom: the page of attribution opens with the workspace's choice."""

    FIRST_TOUCH = "first_touch", "First touch"
    LAST_TOUCH = "last_touch", "Last touch"
    LAST_NON_DIRECT = "last_non_direct", "Last non-direct"
    LINEAR = "linear", "Linear"
    PARTICIPATION = "participation", "Participation"
    TIME_DECAY = "time_decay", "Time decay"
    U_SHAPED = "u_shaped", "U-shaped"
    J_SHAPED = "j_shaped", "J-shaped"
    INVERSE_J = "inverse_j", "Inverse J"
    W_SHAPED = "w_shaped", "W-shaped"
    Z_SHAPED = "z_shaped", "Full path (Z)"
    MARKOV = "markov", "Markov"
    SHAPLEY = "shapley", "Shapley"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A user of fullfunnel (never a person of the stream). Signs in with an e-mail address, stored in lower case."""

    public_id = models.CharField(
        max_length=32, unique=True, default=new_public_id, help_text="random; how events name a user"
    )
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    locale = models.CharField(max_length=10, blank=True, default="", help_text="how numbers and days are written")
    timezone = models.CharField(
        max_length=60, blank=True, default="", help_text="of times of day; empty: the workspace's"
    )
    theme = models.CharField(
        max_length=6, blank=True, default="", help_text="light, dark or system; empty: as this browser was set"
    )
    has_letters = models.BooleanField(default=True, db_default=True, help_text="single letters are shortcuts")
    sessions_ended = models.PositiveIntegerField(default=0, help_text="how often all sessions were ended at once")

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def get_session_auth_hash(self) -> str:
        """A session holds this and dies when it changes: with the password, and when sessions.end_sessions counts up."""
        return f"{super().get_session_auth_hash()}:{self.sessions_ended}"

    def __str__(self) -> str:
        return self.name or self.email


class Workspace(models.Model):
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=60, unique=True)
    sells = models.CharField(max_length=20, choices=Sells.choices, blank=True)
    timezone = models.CharField(max_length=60, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    country = models.CharField(max_length=2, blank=True, default="", help_text="ISO 3166, where the firm sits")
    created_at = models.DateTimeField(default=clock.now)
    browser_money = models.CharField(
        max_length=10, choices=BrowserMoney.choices, blank=True, default="", help_text="empty: as `sells` suggests"
    )
    uncredited_hosts = models.JSONField(
        default=list, help_text="hosts that a visit never came from, beside those built in"
    )
    attribution_model = models.CharField(
        max_length=20, choices=AttributionModel.choices, default=AttributionModel.LAST_NON_DIRECT
    )

    def __str__(self) -> str:
        return self.name

    @property
    def counts_browser_money(self) -> bool:
        """Whether stages and return count money that only a browser reported (its `trust` is web)."""
        if self.browser_money:
            return self.browser_money == BrowserMoney.COUNTED
        return self.sells in (Sells.ONLINE, Sells.BOTH)


class WorkspaceRow(models.Model):
    """A row that belongs to a workspace. Every query on one is scoped to it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Team(WorkspaceRow):
    """Members who work together; a member is in one team, or in none."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Membership(WorkspaceRow):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="members")
    capacity = models.PositiveIntegerField(null=True, help_text="leads that may wait with them; null: any number")
    weight = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="their share of leads beside the others'; 0: none by turn"
    )
    created_at = models.DateTimeField(default=clock.now)
    pins = models.JSONField(default=list, help_text="pages pinned to the side bar: label and path of each")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_role_per_workspace")]


class SightRule(WorkspaceRow):
    """How far a role sees and changes a kind of rows; without one it sees and changes all (workspaces.sight)."""

    role = models.CharField(max_length=20, choices=Role.choices)
    of = models.CharField(max_length=20, help_text="sight.reach.Of: people, companies, leads, deals, tasks, activities")
    see = models.CharField(max_length=4, help_text="all, team, own")
    change = models.CharField(max_length=4, help_text="all, team, own; never more than `see`")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "role", "of"], name="sight_rule_once")]


class Invitation(WorkspaceRow):
    """A link, good once, with which somebody joins a workspace and sets a password. Only the SHA-256 is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True, help_text="used, or withdrawn")


class Source(WorkspaceRow):
    """Where events come from: a site, a server, a file. An event carries its `source_id` for ever."""

    class Kind(models.TextChoices):
        WEB = "web", "Website or app (the key is public)"
        SERVER = "server", "Server (the key is secret; it may merge people)"
        FILE = "file", "File import"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    created_at = models.DateTimeField(default=clock.now)
    last_arrival_at = models.DateTimeField(null=True, blank=True)
    is_own = models.BooleanField(
        default=False, db_default=False, help_text="a room's own pages tell through it; it has no key"
    )
    repeats = models.BigIntegerField(default=0, help_text="items whose id had come before: they count once")

    def __str__(self) -> str:
        return self.name


class SecretKey(WorkspaceRow):
    """What write keys and API keys share: only the SHA-256 is kept, the key itself is shown once."""

    prefix = models.CharField(max_length=12, help_text="first characters, to recognise it by")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class WriteKey(SecretKey):
    """May append events to its source, and nothing else."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="keys")


class ApiKey(SecretKey):
    """May do what its scopes name, in its workspace."""

    class Scope(models.TextChoices):
        ASK = "ask", "Ask questions"
        EXPORT = "export", "Export events and people"
        CRM_READ = "crm:read", "Read people, companies, hand-overs, deals and activities"
        CRM_WRITE = "crm:write", "Change people, companies, hand-overs, deals and activities"
        SPEND = "spend", "Send what campaigns cost"
        HISTORY = "history", "Tell the past: say when something was"

    name = models.CharField(max_length=200)
    scopes = models.JSONField(default=list)
    last_used_at = models.DateTimeField(null=True, blank=True)


class IdempotentAnswer(WorkspaceRow):
    """What was answered to a request with an `Idempotency-Key`; sent again, the request gets it and is not done again."""

    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64, help_text="SHA-256 of the request: method, path, body")
    answer = models.TextField(help_text="its body, JSON")
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key"], name="idempotent_answer_once")]


class SignInBrake(models.Model):
    """How many wrong passwords were tried of late: for an account, or in a browser that signed in before."""

    name = models.CharField(max_length=60, unique=True, help_text="account:… (a keyed hash), or browser:…")
    level = models.FloatField(default=0, help_text="tries that are not forgotten, as of tried_at")
    tried_at = models.DateTimeField()


class AuditEntry(WorkspaceRow):
    """Who did what, when. Never changed, never deleted with the user."""

    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60, help_text="an action's name: create_workspace, revoke_key")
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now, db_index=True)


class StoredFile(WorkspaceRow):
    """A file that a member gave; its content lies in the data directory by its digest (core.files)."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    digest = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the content")
    media_type = models.CharField(max_length=100, help_text="by its content, not by its name")
    size = models.BigIntegerField(help_text="bytes")
    name = models.CharField(max_length=200, help_text="as its giver called it")
    uploaded_at = models.DateTimeField(default=clock.now)
    uploaded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return self.name


class Brand(WorkspaceRow):
    """How a workspace's pages look to its customers."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="brand")
    language = models.CharField(
        max_length=10, default="en", help_text="where neither page, person nor browser says one"
    )
    colour = models.CharField(max_length=7, default="#0072b2", help_text="#rrggbb")
    privacy_url = models.URLField(max_length=500, blank=True)
    imprint_url = models.URLField(max_length=500, blank=True)
    logo = models.ForeignKey(StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")


class OwnText(WorkspaceRow):
    """What a workspace says instead of a text of the catalogue (core.texts), in one language."""

    key = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=500)
    changed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "key", "language"], name="own_text_once")]


class WorkingHours(WorkspaceRow):
    """When somebody works; without a user it is what holds for everybody who has no hours of their own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    timezone = models.CharField(max_length=60, blank=True, help_text="empty: the workspace's")
    week = models.JSONField(default=dict, help_text='ISO weekday -> spans of minutes: {"1": [[540, 1020]]}')

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="hours_once"),
            models.UniqueConstraint(fields=["workspace"], condition=models.Q(user=None), name="common_hours_once"),
        ]


class Holiday(WorkspaceRow):
    """A day on which nobody of the workspace works, or only so long."""

    day = models.DateField()
    name = models.CharField(max_length=200)
    hours = models.JSONField(default=list, help_text="spans of minutes that are worked all the same")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "day"], name="holiday_once")]


class Absence(WorkspaceRow):
    """Days on which a member is not there, both included. Why is not asked."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    first = models.DateField()
    last = models.DateField()
    stand_in = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", help_text="who gets their leads"
    )

    class Meta:
        indexes = [models.Index(fields=["workspace", "last"], name="absence_last")]


class ExchangeRate(WorkspaceRow):
    """What one unit of a currency is worth in another from a day on, until the next rate."""

    currency = models.CharField(max_length=3)
    into = models.CharField(max_length=3, help_text="the workspace's currency when it was kept")
    day = models.DateField()
    rate = models.DecimalField(max_digits=24, decimal_places=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "currency", "into", "day"], name="rate_once")]
        indexes = [models.Index(fields=["workspace", "into", "day"], name="rate_by_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}"

    @property
    def typed(self) -> str:
        """The rate without zeros at its end."""
        return f"{self.rate.normalize():f}"
