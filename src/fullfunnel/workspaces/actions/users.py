"""What may be done with users: made, given a password. They belong to no workspace, so no workspace's audit trail tells it."""

import zoneinfo

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from fullfunnel.core.mail.queue import Mail, queue_mail
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts.locales import LOCALES
from fullfunnel.workspaces.models import User

THEMES = ("light", "dark", "system")


def create_user(email: str, *, password: str, by: User | None, name: str = "") -> User | Refused:
    """Make a user who can sign in, in no workspace yet. One who was deactivated comes back with the new password."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return Refused(f"'{email}' is no e-mail address; write one like ada@example.org.", "email")
    user = User.objects.filter(email=email, is_active=False).first() or User(email=email)
    user.name = name.strip()[:200] or user.name
    wrong = _wrong_password(password, user)
    if wrong is not None:
        return wrong
    user.password, user.is_active = make_password(password), True
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return Refused(f"{email} has a user already.", "email")
    return user


def _wrong_password(password: str, user: User) -> Refused | None:
    """Return what is wrong with a new password (too short, too common, too much like the address); None: nothing."""
    try:
        validate_password(password, user)
    except ValidationError as wrong:
        return Refused(" ".join(wrong.messages), "password")
    return None


@transaction.atomic
def change_password(user: User, *, old: str, new: str, by: User) -> User | Refused:
    """Set a new password, for who knows the old one; every session of the user ends with the old one."""
    if by != user or not user.check_password(old):
        return Refused("That is not your current password.", "old")
    changed = set_password(user, to=new, by=by)
    return Refused(changed.sentence, "new") if isinstance(changed, Refused) else changed


@transaction.atomic
def change_preferences(user: User, *, locale: str, timezone: str, has_letters: bool, by: User) -> User | Refused:
    """Set how numbers, days and times of day are written for this user, and whether single letters are shortcuts."""
    if by != user:
        return Refused("Everybody sets their own.")
    if locale not in LOCALES:
        return Refused(f"'{locale[:20]}' is not one of {', '.join(LOCALES)}.", "locale")
    if timezone and timezone not in zoneinfo.available_timezones():
        return Refused(f"'{timezone[:60]}' is no time zone; one is Europe/Berlin.", "timezone")
    user.locale, user.timezone, user.has_letters = locale, timezone, has_letters
    user.save(update_fields=["locale", "timezone", "has_letters"])
    return user


@transaction.atomic
def choose_theme(user: User, *, to: str, by: User) -> User | Refused:
    """Set how this user's pages are coloured, in every browser: one of THEMES."""
    if by != user:
        return Refused("Everybody sets their own.")
    if to not in THEMES:
        return Refused(f"'{to[:20]}' is not one of {', '.join(THEMES)}.", "theme")
    user.theme = to
    user.save(update_fields=["theme"])
    return user


@transaction.atomic
def set_password(user: User, *, to: str, by: User | None) -> User | Refused:
    """Set a new password without asking for the old one; every session of the user ends."""
    wrong = _wrong_password(to, user)
    if wrong is not None:
        return wrong
    user.password = make_password(to)
    user.save(update_fields=["password"])
    _tell_change(user)
    return user


def _tell_change(user: User) -> None:
    """Mail the user that the password was changed, if mail is set up: whoever did not do it learns of it."""
    text = (
        f"The password of {user.email} at fullfunnel was changed just now, and everybody who was signed in with it is signed out.\n\n"
        "If it was not you, ask for a new password on the sign-in page at once, and tell an owner of your workspace.\n"
    )
    queue_mail(Mail(user.email, "Changed password", "Your password was changed", text))
