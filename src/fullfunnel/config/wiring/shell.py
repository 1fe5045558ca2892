"""What every page of the shell has beside its menu."""

# URL name of NAV -> path of a function (workspace) -> whether it has that page.
NAV_WHERE = {"demo:tour": "fullfunnel.demo.here.is_demo"}

# What one begins from every page: (label, icon, URL name, single letter, roles). It opens in the drawer.
BEGIN = ("New lead", "plus", "crm:new-lead", "n", ("owner", "admin", "marketer", "seller"))

# Scripts that every page of the shell loads, beside the shell's own.
SCRIPTS = ["crm/calls.js", "crm/leads.js", "crm/composer.js", "range.js", "demo/tour.js"]

# The bell at the top of every page: URL name taking the slug, and path of a function (membership) -> text of the unread, "" for none.
BELL = ("notices:list", "fullfunnel.notices.bell.said_unread")

# Role -> URL name of NAV where one lands; the others land on the first entry.
LANDING = {"seller": "crm:inbox"}

# What Ctrl-K searches: URL names taking the slug, called with ?q=; each answers `<a href data-kind>` items.
PALETTE = ["people:find", "crm:find", "analytics:find-saved"]
