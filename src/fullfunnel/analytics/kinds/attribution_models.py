"""The names of the attribution models, a sentence about each, and which of them the page offers first."""

from fullfunnel.workspaces.models import AttributionModel

MODEL_NAMES = dict(AttributionModel.choices)
OFFERED = ("last_non_direct", "first_touch", "u_shaped", "markov")

MODEL_WORDS = {
    "first_touch": "All to the first touch: what brought them.",
    "last_touch": "All to the last touch before it: what closed.",
    "last_non_direct": "All to the last touch that was not direct; to direct where there was nothing else.",
    "linear": "The same to every touch.",
    "participation": "The whole to each value that took part. It says what was influenced, so it does not add up.",
    "time_decay": "The later a touch, the more: half as much for every {half_life} further back.",
    "u_shaped": "40 % to the first touch, 40 % to the last, 20 % to those between.",
    "j_shaped": "20 % to the first touch, 60 % to the last, 20 % to those between.",
    "inverse_j": "60 % to the first touch, 20 % to the last, 20 % to those between.",
    "w_shaped": "30 % each to the first touch, the one at the lead and the one at the opportunity; 10 % to the rest.",
    "z_shaped": "22.5 % each to the first touch, those at lead and opportunity, and the last; 10 % to the rest.",
    "markov": "By what would be lost without it: all journeys, also those that led to nothing, are walked again without the value.",
    "shapley": "By what it adds to the rate of conversions, on average over all combinations with the others.",
}


def offered_models(chosen: str) -> list[str]:
    """The four models that stand beside each other: `chosen` and those that differ most, in the same order whichever is shown."""
    return [*OFFERED] if chosen in OFFERED else [chosen, *OFFERED[1:]]
