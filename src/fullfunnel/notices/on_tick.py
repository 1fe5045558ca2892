"""What happens to notices as time passes."""

from datetime import timedelta

from fullfunnel.core import clock
from fullfunnel.notices.models import Notice

KEPT = timedelta(days=90)
PORTION = 1_000


def forget_notices() -> bool:
    """Delete notices of more than 90 days ago; True when there are more."""
    old = list(Notice.objects.filter(told_at__lt=clock.now() - KEPT).values_list("pk", flat=True)[:PORTION])
    Notice.objects.filter(pk__in=old).delete()
    return len(old) == PORTION
