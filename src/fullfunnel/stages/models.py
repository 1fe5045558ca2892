from django.db import models

from fullfunnel.workspaces.models import WorkspaceRow


class PageKind(WorkspaceRow):
    """The addresses of a kind of page (price, content, …) in a workspace, where they are not the default."""

    kind = models.CharField(max_length=40)
    patterns = models.JSONField(default=list, help_text="paths such as /pricing*; * is any text")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "kind"], name="one_list_per_kind_of_page")]

    def __str__(self) -> str:
        return self.kind
