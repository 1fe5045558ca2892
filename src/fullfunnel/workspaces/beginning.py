"""What a workspace begins with."""

from django.conf import settings
from django.utils.module_loading import import_string

from fullfunnel.workspaces.models import Workspace


def begin(workspace: Workspace) -> None:
    """Let every room give the workspace what it begins with, by how it sells; what it has already stays. In a transaction."""
    for path in settings.BEGINNINGS:
        import_string(path)(workspace)
