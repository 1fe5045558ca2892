"""What rooms above tell about a workspace as a dataset, for the questions of the rooms below."""

# Path of a function (workspace) -> {kind of page: path patterns}, of the kinds that are not the default.
PAGE_KINDS = "fullfunnel.stages.page_kinds.pages_of"

# Path of a function (workspace) -> dataset.Sellers: who owns which hand-over and deal.
SELLERS = "fullfunnel.stages.page.sellers.sellers_of"

# Path of a function (workspace) -> (the rules of its stages that hold, a stamp that changes when a version or a draft does), and of
# one (workspace, number) -> the rules of that version or draft, or None.
STAGE_RULES = "fullfunnel.stages.rules.kept.adopted_rules"
STAGE_RULES_CALLED = "fullfunnel.stages.rules.kept.rules_called"

# Path of a function (workspace, clause, *, me) -> ids of the people of whom a clause is true, for lists of people.
PEOPLE_WHO = "fullfunnel.segments.who.people_who"

# Paths of functions (workspace, (first day, last day) or None, "channel" or "campaign") -> {its value: what was spent, a Decimal in
# the workspace's currency; "" without one}, or None where nothing is known. The first that knows something is taken.
SPEND = ["fullfunnel.campaigns.spending.spend_by"]

# Path of a function (workspace) -> journeys.datasets.spending.SpendingSource: what was spent on being found.
SPENDING = "fullfunnel.campaigns.spending.spending_of"

# Path of a function (workspace, days or None, most) -> {public id of a person: how they say that they heard of the firm}.
HEARD = "fullfunnel.forms.heard.heard_of"
