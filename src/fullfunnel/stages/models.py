from django.db import models

from fullfunnel.stages.leaks.models import Leak, LeakScan
from fullfunnel.stages.rules.models import MovesRead, RuleVersion, StageMove
from fullfunnel.workspaces.models import WorkspaceRow

__all__ = ["Leak", "LeakScan", "MovesRead", "PageKind", "RuleVersion", "ScoreRule", "ServedArea", "StageMove"]


class PageKind(WorkspaceRow):
    """The addresses of a kind of page (price, content, …) in a workspace, where they are not the default."""

    kind = models.CharField(max_length=40)
    patterns = models.JSONField(default=list, help_text="paths such as /pricing*; * is any text")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind"], name="one_list_per_kind_of_page")]

    def __str__(self) -> str:
        return self.kind


class ScoreRule(WorkspaceRow):
    """Who is handed over by score, where a workspace decided that itself."""

    is_on = models.BooleanField(default=True)
    fit = models.IntegerField(default=50, help_text="at least, 0 to 100")
    engagement = models.IntegerField(default=50, help_text="at least, 0 to 100")
    since = models.DateTimeField(help_text="what happened before hands nobody over")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_score_rule")]

    def __str__(self) -> str:
        return f"fit {self.fit}, engagement {self.engagement}"


class ServedArea(WorkspaceRow):
    """Where a workspace sells to households: without a row, or without postcodes, everywhere."""

    postcodes = models.JSONField(default=list, help_text="such as 80331 or 80*; * is any text")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_served_area")]

    def __str__(self) -> str:
        return ", ".join(self.postcodes)
