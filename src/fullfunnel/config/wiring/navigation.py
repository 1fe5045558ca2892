"""How people get from page to page."""

from fullfunnel.config.wiring.kinds import KINDS, Kind

Entry = tuple[str, str, str, str, str | tuple[str, ...]]


def entries_of(kinds: list[Kind]) -> list[Entry]:
    """Return the entries of the kinds of questions that have a page."""
    return [(kind.title, kind.icon, f"analytics:{kind.name}", "Analyse", kind.roles) for kind in kinds if kind.page]


# The side bar: (label, icon, URL name, group, roles that see it). URL names take the workspace's slug.
NAV: list[Entry] = [
    ("Funnels", "chart-bar", "stages:home", "", "all"),
    ("Leaks", "alert-triangle", "stages:leaks", "", "all"),
    ("First five minutes", "presentation", "demo:tour", "", "all"),
    ("Overview", "home", "analytics:overview", "", "all"),
    ("Inbox", "inbox", "crm:inbox", "Sales", "all"),
    ("Deals", "folder", "crm:deals", "Sales", "all"),
    ("Tasks", "checklist", "crm:tasks", "Sales", "all"),
    ("Promises", "clock", "crm:promises", "Sales", "all"),
    *entries_of(KINDS),
    ("Saved", "star", "analytics:saved", "Analyse", "all"),
    ("People", "users", "people:list", "People", "all"),
    ("Companies", "building", "crm:companies", "People", "all"),
    ("Campaigns", "send", "campaigns:list", "Grow", "all"),
    ("Channels", "share", "campaigns:channels", "Grow", "all"),
    ("Content", "file-text", "campaigns:content", "Grow", "all"),
    ("Forms", "edit", "forms:list", "Grow", "all"),
    ("Settings", "settings", "workspaces:settings", "", "all"),
]

# How the names of what a workspace does not see begin which sells online only: nobody there is handed to sales.
NAV_OF_SALES = ["crm:"]

# URL name of NAV -> path of a function (membership) -> text: the number beside the entry, "" for none.
NAV_COUNTS = {
    "stages:leaks": "fullfunnel.stages.leaks.showing.said_open",
    "crm:inbox": "fullfunnel.crm.inbox.tabs.said_to_wait",
    "crm:tasks": "fullfunnel.crm.tasks.lists.said_to_do",
}

# Role -> URL names of NAV that stand in the bottom bar of a phone, beside "More"; "" for the other roles. The first four that
# the member sees are taken.
BOTTOM = {
    "seller": ["crm:inbox", "crm:deals", "crm:tasks", "people:list", "crm:companies", "stages:home"],
    "": ["stages:home", "crm:inbox", "analytics:overview", "people:list", "analytics:saved"],
}

# The tabs of the settings: (label, URL name, section that the page says it is, roles). URL names take the workspace's slug.
ADMINS = ("owner", "admin")
SECTIONS: list[tuple[str, str, str, str | tuple[str, ...]]] = [
    ("Workspace", "workspaces:workspace", "workspace", ADMINS),
    ("Look", "workspaces:look", "look", ADMINS),
    ("Texts", "workspaces:texts", "texts", ADMINS),
    ("Members", "workspaces:members", "members", ADMINS),
    ("Team", "workspaces:team", "team", "all"),
    ("Who sees what", "workspaces:sight", "sight", ADMINS),
    ("Sources", "workspaces:sources", "sources", ADMINS),
    ("Sales", "crm:sales-settings", "sales", ADMINS),
    ("Rules of the funnels", "stages:rules", "rules", "all"),
    ("Kinds of pages", "stages:page-kinds", "page-kinds", ADMINS),
    ("Topics", "messaging:topics", "topics", ("owner", "admin", "marketer", "seller")),
    ("Channels", "capture:channels", "channels", ADMINS),
    ("Exchange rates", "workspaces:rates", "rates", ADMINS),
    ("Mail", "workspaces:mail", "mail", ADMINS),
    ("API keys", "workspaces:keys", "keys", ADMINS),
    ("Audit trail", "workspaces:audit", "audit", ADMINS),
    ("Your account", "workspaces:account", "account", "all"),
]
