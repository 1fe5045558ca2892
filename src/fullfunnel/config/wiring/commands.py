"""What Ctrl-K offers beside people, companies, deals and saved questions: pages by the trade's words, and acts."""

from typing import NamedTuple

from fullfunnel.config.wiring.kinds import KINDS


class Command(NamedTuple):
    """`does`: a URL name that takes the workspace's slug, or "theme:dark", "keys", "fold", "pin", which app.js does in the page.

    `words`: what else people call it, in lower case. `roles`: as in NAV.
    """

    label: str
    icon: str
    does: str
    words: tuple[str, ...] = ()
    roles: str | tuple[str, ...] = "all"


ADMINS = ("owner", "admin")
EDITORS = ("owner", "admin", "marketer", "seller")

COMMANDS: list[Command] = [
    Command("New lead", "plus", "crm:new-lead", ("add a lead", "phone call", "prospect", "new contact"), EDITORS),
    Command("New deal", "plus", "crm:new-deal", ("create a deal", "add opportunity"), EDITORS),
    Command("New company", "plus", "crm:new-company", ("create an account", "add organisation"), EDITORS),
    Command("New campaign", "plus", "campaigns:new", ("create a campaign", "ad"), EDITORS),
    Command(
        "Bring spend",
        "plus",
        "campaigns:spend",
        ("import ads", "google ads", "linkedin ads", "cost report", "ad spend"),
        EDITORS,
    ),
    Command("Tagged link", "share", "campaigns:link", ("utm builder", "utm", "campaign url"), EDITORS),
    Command("Add content", "plus", "campaigns:new-piece", ("new piece", "guide", "article"), EDITORS),
    Command("New form", "plus", "forms:list", ("create a form", "landing page", "lead capture"), EDITORS),
    *(
        Command(f"New question: {kind.title.lower()}", "plus", f"analytics:{kind.name}", ("ask", "analyse", "report"))
        for kind in KINDS
        if kind.page
    ),
    Command(
        "Invite somebody", "user-plus", "workspaces:members", ("add a colleague", "team", "users", "seats"), ADMINS
    ),
    Command("Members and roles", "users", "workspaces:members", ("team", "permissions", "users"), ADMINS),
    Command(
        "Sources and snippet", "plug", "workspaces:sources", ("tracking", "pixel", "tag", "install", "segment"), ADMINS
    ),
    Command(
        "API keys", "key", "workspaces:keys", ("token", "integration", "zapier", "webhook", "export by program"), ADMINS
    ),
    Command("Rules of channels", "route", "capture:channels", ("channel grouping", "utm", "source medium"), ADMINS),
    Command("Kinds of pages", "file-text", "stages:page-kinds", ("price page", "content marketing"), ADMINS),
    Command(
        "Sales: pipelines and reasons", "adjustments", "crm:sales-settings", ("stages of a pipeline", "lost"), ADMINS
    ),
    Command("Look of customers' pages", "palette", "workspaces:look", ("logo", "brand", "branding", "colour"), ADMINS),
    Command(
        "What counts", "scale", "workspaces:what-counts", ("revenue", "attribution model", "default model"), ADMINS
    ),
    Command("Exchange rates", "scale", "workspaces:rates", ("currency", "currencies", "ecb", "fx"), ADMINS),
    Command("Audit trail", "history", "workspaces:audit", ("log", "who did what", "gdpr", "compliance"), ADMINS),
    Command("Style guide", "palette", "workspaces:style-guide", ("components", "design"), ADMINS),
    Command("Notices", "bell", "notices:list", ("notifications", "alerts", "bell", "reminders", "unread")),
    Command("Your account", "user", "workspaces:account", ("password", "language", "time zone", "locale", "profile")),
    Command("Export companies as CSV", "download", "crm:companies-csv", ("download", "excel", "accounts"), EDITORS),
    Command("Export deals as CSV", "download", "crm:deals-csv", ("download", "excel", "pipeline"), EDITORS),
    Command("Light theme", "sun", "theme:light", ("bright", "day")),
    Command("Dark theme", "moon", "theme:dark", ("night",)),
    Command("Theme of the system", "device-desktop", "theme:system", ("automatic",)),
    Command("Pin this page", "pin", "pin", ("favourite", "bookmark", "star")),
    Command("Unpin this page", "pin", "unpin", ("remove from the side bar",)),
    Command("Keyboard shortcuts", "keyboard", "keys", ("help", "hotkeys", "?")),
    Command("Fold the side bar", "layout-sidebar-left-collapse", "fold", ("hide the menu", "focus")),
]
