"""Whose rows are whose: what workspaces.sight asks about models of the rooms above it."""

# Model -> (a kind of sight.reach.Of, path of a function (workspace id, ids of users) -> Q: the rows that are theirs).
OWNED = {
    "people.Person": ("people", "fullfunnel.crm.records.sight.people_of"),
    "people.Company": ("companies", "fullfunnel.crm.records.sight.companies_of"),
    "crm.HandOver": ("leads", "fullfunnel.crm.records.sight.leads_of"),
    "crm.Deal": ("deals", "fullfunnel.crm.records.sight.deals_of"),
    "crm.Task": ("tasks", "fullfunnel.crm.records.sight.tasks_of"),
    "crm.Activity": ("activities", "fullfunnel.crm.records.sight.activities_of"),
    "notes.Note": ("activities", "fullfunnel.notes.sight.notes_of"),
}

# Path of a function (membership) -> list of sight.shown.Seen: the examples on the page of settings.
SEEN_EXAMPLES = "fullfunnel.crm.records.sight.seen_now"
