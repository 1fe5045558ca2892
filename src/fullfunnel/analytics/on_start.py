"""What analytics does when a server starts: nothing that anybody waits for."""

from fullfunnel.journeys.ask import answer

LONG_ENOUGH = float("inf")


def warm() -> None:
    """Compiles the folds once and leaves them in Numba's cache on disk, so that nobody's first question waits for it."""
    from fullfunnel.journeys.datasets.file import dataset_of_rows

    rows = [{"person": "a", "event": name, "timestamp": at} for at, name in enumerate(["seen", "asked", "won"])]
    dataset = dataset_of_rows(rows)
    steps = [{"event": row["event"]} for row in rows]
    for order in ("ordered", "strict", "any"):
        answer({"kind": "funnel", "steps": steps, "order": order}, dataset, deadline=LONG_ENOUGH)
    answer({"kind": "retention", "start": "seen"}, dataset, deadline=LONG_ENOUGH)
    answer({"kind": "paths", "anchor": "seen"}, dataset, deadline=LONG_ENOUGH)
    answer({"kind": "attribution", "conversion": "won"}, dataset, deadline=LONG_ENOUGH)
    answer({"kind": "stages"}, dataset, deadline=LONG_ENOUGH)
