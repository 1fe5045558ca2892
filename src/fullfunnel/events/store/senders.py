"""Who said an event, in SQL: the name of its source, and how far that kind of source is trusted."""

from fullfunnel.events.conditions import SENT_BY
from fullfunnel.events.store.dialects import Dialect
from fullfunnel.workspaces.models import Source

# What our own actions say has no source: its name, and its trust class.
OURSELVES, OWN = "fullfunnel", "own"


class LakeDialect(Dialect):
    """DuckDB over the lake. Events keep only the id of their source, so past ones can be asked as well."""

    def sender(self, name: str) -> str:
        """Return SQL for `sent_by` or `trust` of an event; NULL where its source is not known any more."""
        field, ours = ("name", OURSELVES) if name == SENT_BY else ("kind", OWN)
        # Of all workspaces: a source's id is never used twice, and the question's own WHERE names the workspace.
        sources = Source.objects.order_by("pk").values_list("workspace_id", "pk", field)
        cases = "".join(f" WHEN {pk:d} THEN {self.text(value)}" for _, pk, value in sources)
        return f"(CASE source_id{cases} WHEN 0 THEN {self.text(ours)} END)"
