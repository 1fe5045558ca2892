"""The context processor behind core/templates/base.html: who is here, where, and what the side bar offers them."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from fullfunnel.core import pages
from fullfunnel.workspaces.models import Membership, Role, Sells


def shell(request: HttpRequest) -> dict[str, Any]:
    """`base` (the template to extend) and `shell`: workspace, role, workspaces, nav (groups), bottom, palette."""
    return {"base": pages.frame(request), "shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    membership: Membership | None = getattr(request, "member", None)
    if membership is None:
        return {"workspace": None, "nav": [], "bottom": []}
    workspace = membership.workspace
    items = nav_items(request, membership)
    return {
        "workspace": workspace,
        "role": Role(membership.role).label,
        "is_admin": membership.role in (Role.OWNER, Role.ADMIN),
        "workspaces": SimpleLazyObject(lambda: _workspaces(membership)),
        "nav": _grouped(items),
        "bottom": [item for item in items if item["name"] in settings.BOTTOM],
        "account_url": _url("workspaces:account", workspace.slug),
        "palette": json.dumps([url for name in settings.PALETTE if (url := _url(name, workspace.slug))]),
    }


def nav_items(request: HttpRequest, member: Membership) -> list[dict[str, Any]]:
    """The entries of settings.NAV that this member may use and that exist, each with its key for `g` and its number."""
    keep, slug, role = pages.kept_query(request), member.workspace.slug, member.role
    hidden = settings.NAV_OF_SALES if member.workspace.sells == Sells.ONLINE else ()
    items: list[dict[str, Any]] = []
    taken: set[str] = set()
    for label, icon, name, group, roles in settings.NAV:
        url = _url(name, slug)
        if url is None or name in hidden or (roles != "all" and role not in roles):
            continue
        key = next((letter for letter in label.lower() if letter.isalpha() and letter not in taken), "")
        taken.add(key)
        item = {"name": name, "label": label, "icon": icon, "group": group, "key": key}
        count = import_string(settings.NAV_COUNTS[name])(member) if name in settings.NAV_COUNTS else ""
        items.append(item | {"url": url + keep, "path": url, "count": count, "has_count": name in settings.NAV_COUNTS})
    # The entry with the longest path that this address starts with is the current one.
    here = [item for item in items if request.path.startswith(item["path"])]
    if here:
        max(here, key=lambda item: len(item["path"]))["current"] = True
    return items


def _grouped(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for item in items:
        if not groups or groups[-1]["label"] != item["group"]:
            # Careful: a template reads `group.items` as the dict's own method, unless the key exists.
            groups.append({"label": item["group"], "items": []})
        groups[-1]["items"].append(item)
    return groups


def _workspaces(membership: Membership) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(user_id=membership.user_id).select_related("workspace").order_by("workspace__name")
    return [
        {
            "name": row.workspace.name,
            "url": first_page(row.workspace.slug),
            "current": row.workspace_id == membership.workspace_id,
        }
        for row in rows
    ]


def first_page(slug: str) -> str:
    """Where one lands in a workspace: the first entry of the side bar."""
    return next(url for entry in settings.NAV if (url := _url(entry[2], slug)))


def _url(name: str, slug: str) -> str | None:
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return None
