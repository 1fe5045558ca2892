"""What happens to stages as time passes."""

from django.db.models import F

from fullfunnel.stages.rules.live import tell_moves_of
from fullfunnel.stages.rules.models import MovesRead
from fullfunnel.workspaces.models import Workspace


def tell_moves() -> bool:
    """Tell of whoever reached a stage live since the last call; False: what is not in the index yet waits for the next."""
    behind = MovesRead.objects.filter(live_seq__gt=F("read_seq")).values("workspace")
    for workspace in Workspace.objects.filter(pk__in=behind).order_by("pk"):
        tell_moves_of(workspace)
    return False
