from django.db import models

from fullfunnel.core import clock
from fullfunnel.workspaces.models import User, WorkspaceRow


class SavedQuestion(WorkspaceRow):
    """A question kept under a name, as the JSON of the public contract."""

    name = models.CharField(max_length=200)
    question = models.JSONField()
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name
