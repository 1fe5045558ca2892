"""Who said an event, in SQL: the name of its source, and how far that kind of source is trusted."""

from fullfunnel.events.conditions import SENT_BY
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.workspaces.models import Source

# What our own actions say has no source: its name, and its trust class.
OURSELVES, OWN = "fullfunnel", "own"


def served_sources() -> list[int]:
    """Return the ids of the sources that are servers, and 0 for ourselves. Of all workspaces: an id is never used twice."""
    servers = Source.objects.filter(kind=Source.Kind.SERVER).order_by("pk").values_list("workspace_id", "pk")
    return [0, *(pk for _, pk in servers)]


class LakeDialect(Dialect):
    """DuckDB over the lake. Events keep only the id of their source, so past ones can be asked as well."""

    def sender(self, name: str) -> str:
        """Return SQL for `sent_by` or `trust` of an event; NULL where its source is not known any more."""
        field, ours = ("name", OURSELVES) if name == SENT_BY else ("kind", OWN)
        # Of all workspaces: a source's id is never used twice, and the question's own WHERE names the workspace.
        sources = Source.objects.order_by("pk").values_list("workspace_id", "pk", field)
        cases = "".join(f" WHEN {pk:d} THEN {self.text(value)}" for _, pk, value in sources)
        # Careful: DuckDB fails on a CASE of one branch that is compared with something else, unless it is an expression's part.
        return f"((CASE source_id{cases} WHEN 0 THEN {self.text(ours)} END) || '')"
