"""What capture does as time passes."""

from pathlib import Path

from django.conf import settings

from fullfunnel.capture import visitors


def forget_salts() -> bool:
    """Destroys the salts of days that are over. Always done in one go."""
    visitors.forget_salts(Path(settings.DATA_DIR))
    return False
