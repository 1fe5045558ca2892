"""What rooms above tell about a workspace as a dataset, for the questions of the rooms below."""

# Path of a function (workspace) -> {kind of page: path patterns}, of the kinds that are not the default.
PAGE_KINDS = "fullfunnel.stages.page_kinds.pages_of"

# Path of a function (workspace) -> dataset.Sellers: who owns which hand-over and deal.
SELLERS = "fullfunnel.stages.page.sellers.sellers_of"

# Path of a function (workspace, clause, *, me) -> ids of the people of whom a clause is true, for lists of people.
PEOPLE_WHO = "fullfunnel.segments.who.people_who"
