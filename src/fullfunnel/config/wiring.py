"""What happens to an event and what happens as time passes: plain lists of dotted paths, in order.

The only place where rooms are put together by name; tests/test_architecture.py holds that.
"""

# Before the store: (drafts) -> drafts. Each may change, drop (with a reason) or add to a frozen batch; safe to repeat.
INTAKE = [
    "fullfunnel.capture.enrich.enrich",
    "fullfunnel.people.intake.resolve",
]

# After the store: (batch, events) -> None. Each has its own cursor and is idempotent.
ON_EVENT = [
    "fullfunnel.workspaces.on_event.on_events",
    "fullfunnel.events.catalogue.on_events",
    "fullfunnel.people.on_event.on_events",
]

# As time passes: (name, seconds between, () -> bool "there is more to do now"). The stream, which nothing may hold up:
ON_TICK = [
    ("drain", 0.2, "fullfunnel.events.on_tick.drain_what_came"),
    ("index", 0.5, "fullfunnel.events.on_tick.publish"),
]

# The same, beside the stream: in a thread of its own.
UPKEEP = [
    ("compact", 5.0, "fullfunnel.events.on_tick.compact"),
    ("forget-journal", 600.0, "fullfunnel.events.on_tick.forget_journal"),
    ("forget-people", 60.0, "fullfunnel.people.on_tick.finish_erasures"),
    ("forget-salts", 10.0, "fullfunnel.capture.on_tick.forget_salts"),
    ("forget-answers", 30.0, "fullfunnel.analytics.on_tick.forget_answers"),
    ("forget-sign-ins", 3600.0, "fullfunnel.workspaces.on_tick.forget"),
]

# Once, when the worker starts, in the background: () -> None. Conveniences only: nothing waits for them.
ON_START = [
    "fullfunnel.analytics.on_start.warm",
]

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

# Of these, what stands in the bottom bar of a phone, beside "More".
BOTTOM = ["analytics:overview", "analytics:funnel", "analytics:saved", "people:list"]

# Fragments that higher rooms show on a person's page: URL names taking (slug, public_id).
PERSON_PANELS: list[str] = ["analytics:person-funnels"]

# What Ctrl-K searches: URL names taking the slug, called with ?q=; each answers `<a href>` items.
PALETTE: list[str] = ["people:find", "analytics:find-saved"]
