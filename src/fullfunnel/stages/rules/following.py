"""The moves of people follow their person (config/wiring/people.py)."""

from fullfunnel.people.rows import Json, RowsOfPeople, written
from fullfunnel.stages.rules.models import StageMove


def tell_move(move: StageMove) -> Json:
    """Return a move as `export person` writes it."""
    return {"stage": move.stage, "rules": move.rules, "at": written(move.at)}


STAGE_MOVES = RowsOfPeople(StageMove, tell_move)
