"""The context processor behind core/templates/base.html: who is here, where, and what the side bar offers them."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string
from django.utils.text import slugify

from fullfunnel.core import pages
from fullfunnel.workspaces.models import Membership, Role, Sells

# Of a phone's bottom bar, with what one begins and More.
BOTTOM_ENTRIES = 5
# Set by app.js: which groups of the side bar are folded, by their slugs, joined with dots.
FOLDED = "ff-folded"


def shell(request: HttpRequest) -> dict[str, Any]:
    """`base` (the template to extend) and `shell`: workspace, role, workspaces, nav (groups), bottom, palette, commands."""
    return {"base": pages.frame(request), "shell": SimpleLazyObject(lambda: _shell(request))}


def _shell(request: HttpRequest) -> dict[str, Any]:
    membership: Membership | None = getattr(request, "member", None)
    if membership is None:
        return {"workspace": None, "nav": [], "bottom": []}
    workspace = membership.workspace
    items, begin = nav_items(request, membership), _begin(membership)
    return {
        "workspace": workspace,
        "role": Role(membership.role).label,
        "is_admin": membership.role in (Role.OWNER, Role.ADMIN),
        "workspaces": SimpleLazyObject(lambda: _workspaces(membership)),
        "nav": _grouped(items, request.COOKIES.get(FOLDED, "").split(".")),
        "bottom": _bottom(items, membership.role, BOTTOM_ENTRIES - (2 if begin else 1)),
        "pins": membership.pins,
        "pin_url": _url("workspaces:pin", workspace.slug),
        "here": request.get_full_path(),
        "sections": lambda: sections_of(membership),
        "begin": begin,
        "bell": _bell(membership),
        "scripts": settings.SCRIPTS,
        "account_url": _url("workspaces:account", workspace.slug),
        "sources": [url for name in settings.PALETTE if (url := _url(name, workspace.slug))],
        # A function, which templates call: JSON takes no lazy object.
        "commands": lambda: commands_of(membership, items, request.get_full_path()),
    }


def nav_items(request: HttpRequest, member: Membership) -> list[dict[str, Any]]:
    """The entries of settings.NAV that this member may use and that exist, each with its key for `g` and its number."""
    keep, slug = pages.kept_query(request), member.workspace.slug
    items: list[dict[str, Any]] = []
    taken: set[str] = set()
    for label, icon, name, group, roles in settings.NAV:
        url = _url(name, slug)
        if url is None or is_hidden(member, name, roles):
            continue
        key = next((letter for letter in label.lower() if letter.isalpha() and letter not in taken), "")
        taken.add(key)
        item = {"name": name, "label": label, "icon": icon, "group": group, "key": key}
        count = import_string(settings.NAV_COUNTS[name])(member) if name in settings.NAV_COUNTS else ""
        items.append(item | {"url": url + keep, "path": url, "count": count, "has_count": name in settings.NAV_COUNTS})
    # The entry with the longest path that this address starts with is the current one; every address starts with the home's.
    here = [item for item in items if request.path.startswith(item["path"]) and _holds(request, item, member)]
    if here:
        max(here, key=lambda item: len(item["path"]))["current"] = True
    return items


def _holds(request: HttpRequest, item: dict[str, Any], member: Membership) -> bool:
    room = request.resolver_match.namespace if request.resolver_match else ""
    return item["path"] != f"/w/{member.workspace.slug}/" or bool(room == item["name"].partition(":")[0])


def _begin(member: Membership) -> dict[str, str] | None:
    """What the member may begin from every page, by settings.BEGIN; None for who may not, and where nobody sells."""
    label, icon, name, key, roles = settings.BEGIN
    url = _url(name, member.workspace.slug)
    if url is None or is_hidden(member, name, roles):
        return None
    return {"label": label, "icon": icon, "url": url, "key": key}


def _bell(member: Membership) -> dict[str, str]:
    name, unread = settings.BELL
    return {"url": _url(name, member.workspace.slug) or "", "count": import_string(unread)(member)}


def is_hidden(member: Membership, name: str, roles: str | Iterable[str]) -> bool:
    """Whether the page with this URL name is nothing for the member: by role, or because nobody sells there."""
    if name in settings.NAV_WHERE and not import_string(settings.NAV_WHERE[name])(member.workspace):
        return True
    of_sales = any(name.startswith(each) for each in settings.NAV_OF_SALES)
    return (of_sales and member.workspace.sells == Sells.ONLINE) or (roles != "all" and member.role not in roles)


def commands_of(member: Membership, items: list[dict[str, Any]], here: str) -> list[dict[str, Any]]:
    """Return what Ctrl-K offers: each with label, icon, words, kind, and `href` or what is done in the page (`does`)."""
    slug = member.workspace.slug
    found: list[dict[str, Any]] = [
        {
            "label": item["label"],
            "icon": item["icon"],
            "kind": "page",
            "href": item["url"],
            "key": item["key"],
            "words": [item["group"].lower(), *settings.WORDS.get(item["name"], ())],
        }
        for item in items
    ]
    for command in settings.COMMANDS:
        told = {"label": command.label, "icon": command.icon, "kind": "action", "words": command.words}
        other = "pin" if any(pin["path"] == here for pin in member.pins) else "unpin"
        if is_hidden(member, command.does, command.roles) or command.does == other:
            continue
        if url := _url(command.does, slug):
            found.append(told | {"href": url})
        elif not command.does.partition(":")[2] or command.does.startswith("theme:"):
            found.append(told | {"does": command.does})
    others = [each for each in _workspaces(member) if not each["current"]]
    return found + [
        {"label": each["name"], "icon": "selector", "kind": "workspace", "href": each["url"], "words": []}
        for each in others
    ]


def sections_of(member: Membership) -> list[dict[str, str]]:
    """Return the tabs of the settings that the member may open."""
    return [
        {"label": label, "section": section, "url": url}
        for label, name, section, roles in settings.SECTIONS
        if not is_hidden(member, name, roles) and (url := _url(name, member.workspace.slug))
    ]


def _bottom(items: list[dict[str, Any]], role: str, most: int) -> list[dict[str, Any]]:
    """The pages of a phone's bottom bar, in the order of settings.BOTTOM."""
    by_name = {item["name"]: item for item in items}
    wanted = settings.BOTTOM.get(role, settings.BOTTOM[""])
    return [by_name[name] for name in wanted if name in by_name][:most]


def _grouped(items: list[dict[str, Any]], folded: list[str]) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    for item in items:
        if not groups or groups[-1]["label"] != item["group"]:
            slug = slugify(item["group"])
            # Careful: a template reads `group.items` as the dict's own method, unless the key exists.
            groups.append(
                {"label": item["group"], "slug": slug, "is_folded": slug != "" and slug in folded, "items": []}
            )
        groups[-1]["items"].append(item)
    return groups


def _workspaces(membership: Membership) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(user_id=membership.user_id).select_related("workspace").order_by("workspace__name")
    return [
        {
            "name": row.workspace.name,
            "url": first_page(row),
            "current": row.workspace_id == membership.workspace_id,
        }
        for row in rows
    ]


def first_page(member: Membership) -> str:
    """Where a member lands: by role as in settings.LANDING, else at the first entry of the side bar."""
    slug, landing = member.workspace.slug, settings.LANDING.get(member.role, "")
    if landing and not is_hidden(member, landing, "all") and (url := _url(landing, slug)):
        return url
    return next(url for entry in settings.NAV if (url := _url(entry[2], slug)))


def _url(name: str, slug: str) -> str | None:
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return None
