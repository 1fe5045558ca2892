"""What happens to events before they are stored."""

# Path of a function (drafts) -> drafts, in order. Each may change, drop (with a reason) or add to a frozen batch; safe to repeat.
INTAKE = [
    "fullfunnel.capture.intake.enrich_batch",
    "fullfunnel.people.intake.resolve",
]
