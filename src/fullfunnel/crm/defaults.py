"""What a workspace begins with, by its answer to "How do you sell?" (docs/spec: stages): pipeline and lost reasons. Pure."""

from dataclasses import dataclass

OPEN, WON, LOST = "open", "won", "lost"
BOTTOM, AFTER = "bottom", "after"


@dataclass(frozen=True)
class Stage:
    """wins_after_days: a deal that stays so long is won; that long a household may withdraw."""

    name: str
    kind: str = OPEN
    band: str = BOTTOM
    wins_after_days: int | None = None


COMPANIES = (
    Stage("Discovery"),
    Stage("Demo"),
    Stage("Proposal"),
    Stage("Negotiation"),
    Stage("Won", WON),
    Stage("Lost", LOST),
)
HOUSEHOLDS = (
    Stage("Visit booked"),
    Stage("Visited"),
    Stage("Offer"),
    Stage("Financing"),
    Stage("Signed", wins_after_days=14),
    Stage("Lost", LOST),
    Stage("Installed", WON, AFTER),
)
STAGES = {"companies": COMPANIES, "households": HOUSEHOLDS}
NAMES = {"companies": "Sales", "households": "Sales to households"}
LOST_REASONS = (
    "Too expensive",
    "No budget",
    "Chose a competitor",
    "No decision",
    "Bad timing",
    "Something is missing",
    "Solved it themselves",
    "No contact any more",
)


def pipeline_of(sells: str) -> tuple[str, tuple[Stage, ...]] | None:
    """Return (what it is made for, its stages); None for a shop, which has no sales funnel. Unanswered: companies."""
    if sells == "online":
        return None
    if sells == "households":
        return "households", HOUSEHOLDS
    return "companies", COMPANIES
