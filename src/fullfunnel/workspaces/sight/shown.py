"""What the page of who sees what shows beside the rules of a role: what members in it see now."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from fullfunnel.core.numbers import number
from fullfunnel.workspaces.models import Membership, Role, Workspace

MOST = 2


@dataclass(frozen=True)
class Seen:
    """How many rows of a kind a member sees: Bob sees 148 of 412 leads. is_more: there are more than were counted."""

    noun: str
    seen: int
    all: int
    is_more: bool = False

    @property
    def words(self) -> str:
        more = "+" if self.is_more else ""
        if self.seen == self.all:
            return f"all {number(self.all)}{more} {self.noun}"
        return f"{number(self.seen)} of {number(self.all)}{more} {self.noun}"


def examples_of(workspace: Workspace, role: Role) -> list[str]:
    """Return a sentence for each of the first members in a role."""
    members = Membership.objects.filter(workspace=workspace, role=role).select_related("user", "workspace")
    sentences = []
    for member in members.order_by("user__name", "pk")[:MOST]:
        seen: list[Seen] = import_string(settings.SEEN_EXAMPLES)(member)
        said = ", ".join(each.words for each in seen if each.all)
        sentences.append(f"{member.user} sees {said}." if said else f"There is nothing to see for {member.user} yet.")
    return sentences
