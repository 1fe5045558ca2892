"""The kinds of questions."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of question. `engine`: the folder of the engine that has its KIND; `page`: the module that has its PAGE.

    The menu entry, the page's URL (analytics:<name>), its file (<name>-csv), its list of people (<name>-people), and the icon
    of its saved questions come from here. A kind without a page is asked by other pages, the API and the command line only.
    """

    name: str
    title: str
    icon: str
    roles: str | tuple[str, ...]
    engine: str
    page: str


KINDS = [
    Kind("funnel", "Funnel", "filter", "all", "fullfunnel.journeys.funnel", "fullfunnel.analytics.kinds.funnel"),
    Kind("trend", "Trend", "chart-line", "all", "fullfunnel.journeys.trend", "fullfunnel.analytics.kinds.trend"),
    Kind("retention", "Retention", "grid-dots", "all", "fullfunnel.journeys.retention", "fullfunnel.analytics.kinds.retention"),
    Kind("paths", "Paths", "route", "all", "fullfunnel.journeys.paths", "fullfunnel.analytics.kinds.paths"),
    Kind("attribution", "Attribution", "scale", "all", "fullfunnel.journeys.attribution", "fullfunnel.analytics.kinds.attribution"),
    Kind("why", "", "", "all", "fullfunnel.journeys.why", ""),
    Kind("stages", "", "", "all", "fullfunnel.journeys.stages", ""),
    Kind("leaks", "", "", "all", "fullfunnel.journeys.leaks", ""),
    Kind("returns", "", "", "all", "fullfunnel.journeys.returns", ""),
    Kind("drop_off", "", "", "all", "fullfunnel.journeys.drop_off", ""),
]  # fmt: skip
