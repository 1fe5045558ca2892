"""What happens to deals as time passes."""

from datetime import timedelta

from fullfunnel.core import clock
from fullfunnel.crm.actions import win_deal
from fullfunnel.crm.models import Deal, PipelineStage, StageKind
from fullfunnel.crm.models.deals import LISTED

PORTION = 100
LATE = timedelta(days=1)


def win_what_stayed() -> bool:
    """Win deals whose time to withdraw is over, such as a household's 14 days after it signed; True when there are more.

    What was over more than a day ago, because it was told as history, is won at its own time and sets nothing off.
    """
    now = clock.now()
    for stage in PipelineStage.objects.filter(wins_after_days__isnull=False):
        wait = timedelta(days=stage.wins_after_days or 0)
        due = Deal.objects.filter(LISTED, stage=stage, state=StageKind.OPEN, is_kept_elsewhere=False)
        found = list(due.filter(stage_since__lte=now - wait).order_by("stage_since")[:PORTION])
        for deal in found:
            over = deal.stage_since + wait
            win_deal(deal, by=None, at=over if now - over > LATE else None)
        if len(found) == PORTION:
            return True
    return False
