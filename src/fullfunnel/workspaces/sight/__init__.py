"""Who sees what: how far a role sees and changes each kind of rows, and the one filter that lists, searches and pages share."""

from fullfunnel.workspaces.sight.visible import (
    about_visible,
    hides,
    maker,
    reason_not_to_change,
    seen_by,
    visible,
)

__all__ = ["about_visible", "hides", "maker", "reason_not_to_change", "seen_by", "visible"]
