"""The kinds of questions that the engine answers, by name."""

from collections.abc import Iterable
from pkgutil import resolve_name

from fullfunnel.journeys import attribution, drop_off, funnel, leaks, paths, retention, returns, stages, trend, why
from fullfunnel.journeys.kind import Kind, Kinds

KINDS: Kinds = {
    kind.name: kind
    for kind in (
        funnel.KIND,
        trend.KIND,
        retention.KIND,
        paths.KIND,
        attribution.KIND,
        why.KIND,
        drop_off.KIND,
        stages.KIND,
        leaks.KIND,
        returns.KIND,
    )
}


def load_kinds(folders: Iterable[str]) -> Kinds:
    """Return the kinds of these folders ("fullfunnel.journeys.trend"), as the list KINDS of the wiring names them."""
    kinds: list[Kind] = [resolve_name(f"{folder}.KIND") for folder in folders]
    return {kind.name: kind for kind in kinds}
