"""What actions do to a user's sessions: end them, or end them for good."""

from django.db.models import F

from fullfunnel.workspaces.models import User


def end_sessions(user: User) -> None:
    """Sign the user out everywhere."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)


def deactivate(user: User) -> None:
    """The user can no longer sign in, and all sessions end."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user)
