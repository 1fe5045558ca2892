"""As time passes: forget what has no use any more."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q

from fullfunnel.core import clock
from fullfunnel.workspaces.models import IdempotentAnswer, Invitation, SignInBrake

KEEP_ATTEMPTS = timedelta(days=1)
KEEP_INVITATIONS = timedelta(days=30)
# They may hold what is known of people.
KEEP_ANSWERS = timedelta(days=1)


def forget() -> bool:
    """Delete old sign-in attempts (they hold addresses), answers, dead sessions and old invitations. Always done in one go."""
    now = clock.now()
    AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_ATTEMPTS).delete()
    SignInBrake.objects.filter(tried_at__lt=now - KEEP_ATTEMPTS).delete()
    IdempotentAnswer.objects.filter(at__lt=now - KEEP_ANSWERS).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    over = Q(ended_at__lt=now - KEEP_INVITATIONS) | Q(expires_at__lt=now - KEEP_INVITATIONS)
    Invitation.objects.filter(over).delete()
    return False
