"""What may be done with how a workspace looks to its customers."""

from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from fullfunnel.core.files import PICTURES, keep_file, remove_file
from fullfunnel.core.pages.colours import is_colour
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.workspaces.audit import record_audit
from fullfunnel.workspaces.models import Brand, StoredFile, Workspace
from fullfunnel.workspaces.roles import By, reason_not_to_act, user_of
from fullfunnel.workspaces.scope import ADMINS

MOST_OF_LOGO = 2 * 1024 * 1024
_is_url = URLValidator(schemes=["https", "http"])


@transaction.atomic
def set_brand(
    workspace: Workspace, *, language: str, colour: str, privacy_url: str, imprint_url: str, by: By
) -> Brand | Refused:
    """Keep language, colour and legal links of the pages that customers see."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    colour = colour.strip().lower()
    if not is_colour(colour):
        return Refused(f"'{colour[:20]}' is no colour; write one like #0b6b5b.", "colour")
    if language not in LANGUAGES:
        return Refused(f"'{language[:20]}' is not one of {', '.join(LANGUAGES)}.", "language")
    for field, url in (("privacy_url", privacy_url), ("imprint_url", imprint_url)):
        if url and not _is_address(url):
            return Refused("Write a whole address, like https://example.com/privacy.", field)
    new = {"language": language, "colour": colour, "privacy_url": privacy_url, "imprint_url": imprint_url}
    brand, _ = Brand.objects.update_or_create(workspace=workspace, defaults=new)
    record_audit(workspace, "set_brand", by=by, **new)
    return brand


@transaction.atomic
def set_logo(workspace: Workspace, *, content: IO[bytes], name: str, by: By) -> StoredFile | Refused:
    """Show this picture on the pages that customers see, instead of the one before."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    kept = keep_file(settings.DATA_DIR, content, most=MOST_OF_LOGO, known=PICTURES)
    if isinstance(kept, Refused):
        return Refused(kept.sentence, "logo")
    said = {"digest": kept.digest, "media_type": kept.media_type, "size": kept.size, "name": name[:200]}
    file = StoredFile.objects.create(workspace=workspace, uploaded_by=user_of(by), **said)
    brand, _ = Brand.objects.get_or_create(workspace=workspace)
    before = brand.logo
    Brand.objects.filter(workspace=workspace).update(logo=file)
    if before is not None:
        _forget(before)
    record_audit(workspace, "set_logo", by=by, file=file.public_id, name=file.name)
    return file


@transaction.atomic
def remove_logo(workspace: Workspace, *, by: By) -> Brand | Refused:
    """Show the name alone."""
    if refused := reason_not_to_act(by, workspace.pk, ADMINS):
        return refused
    brand, _ = Brand.objects.get_or_create(workspace=workspace)
    if brand.logo is not None:
        _forget(brand.logo)
        record_audit(workspace, "remove_logo", by=by)
    brand.refresh_from_db()
    return brand


def _is_address(url: str) -> bool:
    try:
        _is_url(url)
    except ValidationError:
        return False
    return True


def _forget(file: StoredFile) -> None:
    """Delete the row, and after the commit the content where no other row has the same."""
    StoredFile.objects.filter(pk=file.pk).delete()
    transaction.on_commit(lambda: _remove_unnamed(file.digest))


def _remove_unnamed(digest: str) -> None:
    if not StoredFile.objects.filter(digest=digest).exists():
        remove_file(settings.DATA_DIR, digest)
