"""Somebody who says that they forgot their password."""

from django.db import transaction
from django.http import HttpRequest

from fullfunnel.core.mail.servers import address_of_links
from fullfunnel.workspaces.actions import send_password_link
from fullfunnel.workspaces.models import User
from fullfunnel.workspaces.proving import Paused, take_ask


@transaction.atomic
def ask_for_link(request: HttpRequest, *, email: str) -> Paused | None:
    """Mail a link to the user of this address, if there is one; Paused: too many asked, and nothing is done.

    One transaction, so that known and unknown addresses wait for the disk alike.
    """
    email = email.strip().lower()
    if (until := take_ask(request, email)) is not None:
        return until
    user = User.objects.filter(email=email, is_active=True).first()
    if user is not None:
        send_password_link(user, address=address_of_links(), by=None)
    return None
