"""What may be done with users: their passwords and their sessions. They belong to no workspace, so nothing is audited here."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.models import User


def create_user(email: str, *, password: str, name: str = "") -> User | Refused:
    """A user who can sign in, in no workspace yet. One who was deactivated comes back with the new password."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return Refused(f"'{email}' is no e-mail address; write one like ada@example.org.", "email")
    user = User.objects.filter(email=email, is_active=False).first() or User(email=email)
    user.name = name.strip()[:200] or user.name
    wrong = wrong_password(password, user)
    if wrong is not None:
        return wrong
    user.password, user.is_active = make_password(password), True
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return Refused(f"{email} has a user already.", "email")
    return user


def wrong_password(password: str, user: User) -> Refused | None:
    """None, or what is wrong with a new password: too short, too common, too much like the address."""
    try:
        validate_password(password, user)
    except ValidationError as wrong:
        return Refused(" ".join(wrong.messages), "password")
    return None


def change_password(user: User, *, old: str, new: str) -> User | Refused:
    """Sets a new password; every session of the user ends with the old one."""
    if not user.check_password(old):
        return Refused("That is not your password of today.", "old")
    done = set_password(user, to=new)
    return Refused(done.sentence, "new") if isinstance(done, Refused) else done


def set_password(user: User, *, to: str) -> User | Refused:
    """Sets a new password without asking for the old one; every session of the user ends."""
    wrong = wrong_password(to, user)
    if wrong is not None:
        return wrong
    user.password = make_password(to)
    user.save(update_fields=["password"])
    return user


def end_sessions(user: User) -> None:
    """Signs the user out everywhere."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)


def deactivate_user(user: User) -> None:
    """The user can no longer sign in, and all sessions end."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user)
