"""What analytics does when a server starts: nothing that anybody waits for."""

from fullfunnel.analytics.ask import answer

LONG_ENOUGH = float("inf")


def warm() -> None:
    """Compiles the folds once and leaves them in Numba's cache on disk, so that nobody's first question waits for it."""
    from fullfunnel.analytics.worlds.file import world_of_rows

    rows = [{"person": "a", "event": name, "timestamp": at} for at, name in enumerate(["seen", "asked", "won"])]
    world = world_of_rows(rows)
    steps = [{"event": row["event"]} for row in rows]
    for order in ("ordered", "strict", "any"):
        answer({"kind": "funnel", "steps": steps, "order": order}, world, LONG_ENOUGH)
    answer({"kind": "retention", "start": "seen"}, world, LONG_ENOUGH)
    answer({"kind": "paths", "anchor": "seen"}, world, LONG_ENOUGH)
    answer({"kind": "attribution", "conversion": "won"}, world, LONG_ENOUGH)
