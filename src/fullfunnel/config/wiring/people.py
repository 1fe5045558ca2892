"""What happens to the rows of rooms above when something happens to their person. Every model that names a person is in each list."""

# Each entry: (name, the models of that room that it covers, path). A path's function is called inside the transaction.

# Before people go: (ids of people) -> None. Erases their rows, and files.
ON_ERASE = [
    ("notes", ["Note"], "fullfunnel.notes.following.erase_notes"),
]

# When people were merged: (Merge rows, in order) -> {merge id: JSON of what moved}; and, when one is taken back:
# (Merge, what moved) -> None. people.following has both for rows that name a `person`.
ON_MERGE = [
    ("notes", ["Note"], "fullfunnel.notes.following.follow_merges", "fullfunnel.notes.following.give_back"),
]

# What is known of somebody: (ids of the person and of whoever is merged with them) -> JSON.
ABOUT_A_PERSON: list[tuple[str, list[str], str]] = [
    ("people", ["Identity", "Person", "Merge", "MergeProposal", "Consent"], "fullfunnel.people.about.about_people"),
    ("events", [], "fullfunnel.people.about.events_of"),
    ("notes", ["Note"], "fullfunnel.notes.following.tell_notes"),
]
