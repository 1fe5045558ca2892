"""Sharing out what waits with somebody: a suggestion by share and room, and what is given. The numbers are pure."""

from collections.abc import Sequence
from dataclasses import replace

from fullfunnel.crm.assigning.turn import Candidate, choose


def suggested_shares(candidates: Sequence[Candidate], count: int) -> dict[int | str, int]:
    """Return how many each would get by turn; what nobody has room for is left out."""
    now, shares = (
        {each.id: replace(each, fits=True) for each in candidates},
        dict.fromkeys((c.id for c in candidates), 0),
    )
    for number in range(count):
        chosen = choose(list(now.values())).candidate
        if chosen is None:
            break
        now[chosen.id] = replace(chosen, given=chosen.given + 1, open=chosen.open + 1, last=1e12 + number)
        shares[chosen.id] += 1
    return shares
