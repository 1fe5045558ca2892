from django.db import models

from fullfunnel.core import clock
from fullfunnel.core.public_ids import new_public_id
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import User, WorkspaceRow


class Note(WorkspaceRow):
    """What a member wrote about a person, for the other members."""

    public_id = models.CharField(max_length=32, unique=True, default=new_public_id, help_text="random; stands in URLs")
    # RESTRICT: notes go by wiring.ROWS_OF_PEOPLE, and an erasure that we do not hear of fails.
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+")
    text = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.text[:60]
