"""The form of attribution: its controls, and what the models are called."""

from fullfunnel.analytics.forms.declared import DeclaredKind
from fullfunnel.analytics.forms.kind import Control, Part

MODEL_NAMES = {
    "first_touch": "First touch",
    "last_touch": "Last touch",
    "last_non_direct": "Last non-direct",
    "linear": "Linear",
    "participation": "Participation",
    "time_decay": "Time decay",
    "u_shaped": "U-shaped",
    "j_shaped": "J-shaped",
    "inverse_j": "Inverse J",
    "w_shaped": "W-shaped",
    "z_shaped": "Full path (Z)",
    "markov": "Markov",
    "shapley": "Shapley",
}
VALUES = (
    ("channel", "channel"),
    ("source", "source"),
    ("medium", "medium"),
    ("campaign", "campaign"),
    ("content", "content of the ad"),
    ("term", "search term"),
    ("referrer", "referring site"),
    ("landing_page", "landing page"),
)
SHOWN = (("share", "shares"), ("conversions", "conversions"), ("money", "money"))
BACK = (("day", "days"), ("week", "weeks"), ("none", "no limit"))

ATTRIBUTION = DeclaredKind(
    name="attribution",
    parts=(
        Part(
            "c",
            "conversion",
            "What was earned",
            hint="event",
            controls=(
                Control(
                    "worth", "value", "Worth", default="revenue", form="property", after="a property that holds money"
                ),
            ),
        ),
        Part("t", "touches", "By which touches", is_needed=False, hint="the beginning of each session"),
    ),
    controls=(
        Control("of", "by", "Compare by", default="channel", options=VALUES),
        Control("show", "", "Show", default="share", options=SHOWN),
        Control("back", "lookback", "Touches count for", default="90", form="span", options=BACK, after="before"),
        Control("models", "models", "Models", form="many", options=tuple(MODEL_NAMES.items()), is_folded=True),
        Control(
            "half",
            "half_life",
            "Time decay: half as much after",
            default="7",
            form="span",
            options=BACK[:2],
            is_folded=True,
        ),
        Control(
            "lead", "milestones.lead.event", "Lead began with", form="event", after="Lead captured", is_folded=True
        ),
        Control(
            "deal",
            "milestones.opportunity.event",
            "Opportunity with",
            form="event",
            after="Deal created",
            is_folded=True,
        ),
        Control(
            "most", "limit", "Values shown", default="12", form="number", after="the rest together", is_folded=True
        ),
    ),
    breakdown_owners=(("event", "of what was earned"), ("person", "of the person"), ("company", "of the company")),
)
