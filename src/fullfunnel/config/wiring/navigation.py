"""How people get from page to page."""

# The side bar: (label, icon, URL name, group, roles that see it). URL names take the workspace's slug.
NAV = [
    ("Overview", "home", "analytics:overview", "", "all"),
    ("Funnel", "filter", "analytics:funnel", "Analyse", "all"),
    ("Trend", "chart-line", "analytics:trend", "Analyse", "all"),
    ("Retention", "grid-dots", "analytics:retention", "Analyse", "all"),
    ("Paths", "route", "analytics:paths", "Analyse", "all"),
    ("Attribution", "scale", "analytics:attribution", "Analyse", "all"),
    ("Saved", "star", "analytics:saved", "Analyse", "all"),
    ("People", "users", "people:list", "People", "all"),
    ("Settings", "settings", "workspaces:settings", "", "all"),
]

# URL names of NAV that stand in the bottom bar of a phone, beside "More".
BOTTOM = ["analytics:overview", "analytics:funnel", "analytics:saved", "people:list"]

# What Ctrl-K searches: URL names taking the slug, called with ?q=; each answers `<a href>` items.
PALETTE = ["people:find", "analytics:find-saved"]
