"""What happens because events were stored."""

# (name, path of a function (events, *, live) -> None, where it begins when it is new), in order. The name is its cursor's: a module may
# be renamed, a name only with a migration. "now": told of what is stored from then on. "beginning": reads the past first, of the
# event names that the attribute NAMES of its module lists. Each is idempotent (events/reactions, docs/adr/0086).
ON_EVENT = [
    ("arrivals", "fullfunnel.workspaces.on_event.on_events", "now"),
    ("catalogue", "fullfunnel.events.catalogue.on_events", "now"),
    ("last-seen", "fullfunnel.people.on_event.on_events", "now"),
    ("leads-and-deals-of-others", "fullfunnel.crm.on_event.others.on_events", "beginning"),
    # Before the scores: who asks by a form is handed over for that, whatever they score.
    ("forms-hand-over", "fullfunnel.crm.on_event.forms.on_events", "now"),
    ("stage-moves", "fullfunnel.stages.rules.on_event.on_events", "now"),
    ("hand-over-by-score", "fullfunnel.stages.on_event.on_events", "now"),
]
