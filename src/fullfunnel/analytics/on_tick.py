"""What analytics does as time passes."""

from fullfunnel.analytics.askings import MAX_ANSWER_AGE, is_open, somebody_was_erased
from fullfunnel.analytics.models import Asking
from fullfunnel.core import clock
from fullfunnel.core.wal import truncate_wal


def forget_answers() -> bool:
    """Deletes answers of long questions that were kept long enough, or that may speak of somebody erased since."""
    deleted = 0
    # Careful: a DELETE takes SQLite's lock for writing even where there is nothing to delete.
    for row in Asking.objects.defer("answer"):
        if not is_open(row) and (row.heartbeat_at < clock.now() - MAX_ANSWER_AGE or somebody_was_erased(row)):
            deleted += Asking.objects.filter(pk=row.pk, answerer=row.answerer).delete()[0]
    if deleted:
        # An erasure may have been done with before.
        truncate_wal()
    return False
