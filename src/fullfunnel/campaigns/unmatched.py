"""Names in reports that belong to no campaign, with what they cost and what they may be."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from fullfunnel.campaigns.known import known_campaigns, said_of
from fullfunnel.campaigns.models import SpendName
from fullfunnel.campaigns.spend.matching import Name, match, offered
from fullfunnel.campaigns.spend.platforms import title_of
from fullfunnel.campaigns.spending import daily
from fullfunnel.workspaces.models import Workspace


@dataclass
class Unmatched:
    """offer: the id of a campaign, None for none; said: the row of what was said by hand."""

    name: Name
    platform: str
    first: date
    last: date
    sums: dict[str, Decimal]
    offer: int | None = None
    why: str = ""
    said: SpendName | None = None

    @property
    def new_query(self) -> str:
        """What a new campaign of this name is filled in with."""
        return urlencode({"name": self.name.name, "platform": self.name.platform, "platform_id": self.name.id})


def unmatched_of(workspace: Workspace) -> list[Unmatched]:
    """Return the names that match nothing and were not left out, the dearest first."""
    return [one for one in names_of(workspace) if one.said is None]


def names_of(workspace: Workspace) -> list[Unmatched]:
    """Return what matches nothing, and whatever was said by hand, the dearest first."""
    campaigns, said = known_campaigns(workspace), said_of(workspace)
    rows = {
        (row.platform, row.name): row
        for row in SpendName.objects.filter(workspace=workspace).select_related("campaign")
    }
    found: dict[Name, Unmatched] = {}
    for row in daily(workspace):
        name, day = Name(row["platform"], row["campaign_id"], row["campaign_name"]), row["day"]
        by_hand = rows.get((name.platform, name.key))
        if name not in found:
            if by_hand is None and match(name, campaigns, said).campaign:
                continue
            offer = offered(name, campaigns)
            found[name] = Unmatched(name, title_of(name.platform), day, day, {}, offer.campaign, offer.why, by_hand)
        one = found[name]
        one.last = max(one.last, day)
        one.sums[row["currency"]] = one.sums.get(row["currency"], Decimal(0)) + row["money"]
    return sorted(found.values(), key=lambda one: (one.said is not None, -sum(one.sums.values()), one.name))
