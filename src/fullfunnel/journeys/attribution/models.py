"""Which models there are. What the rule models weigh stands in weights.py; Markov and Shapley have files of their own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """A model. `adds_up`: its credits of one conversion sum to 1. `weighs`: a rule model, whose number is its place in MODELS."""

    name: str
    adds_up: bool = True
    weighs: bool = True


MODELS = (
    Model("first_touch"),
    Model("last_touch"),
    Model("last_non_direct"),
    Model("linear"),
    Model("participation", adds_up=False),
    Model("time_decay"),
    Model("u_shaped"),
    Model("j_shaped"),
    Model("inverse_j"),
    Model("w_shaped"),
    Model("z_shaped"),
    Model("markov", weighs=False),
    Model("shapley", weighs=False),
)
NAMES = tuple(model.name for model in MODELS)
RULES = tuple(model.name for model in MODELS if model.weighs)
ADD_UP = frozenset(model.name for model in MODELS if model.adds_up)
MILESTONE_MODELS = frozenset({"w_shaped", "z_shaped"})
