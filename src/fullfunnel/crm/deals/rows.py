"""Deals as rows of a file."""

from collections.abc import Iterable, Iterator

from fullfunnel.core.csv_cells import MARKER, MARKER_VALUE
from fullfunnel.core.pages.files import moment_cell
from fullfunnel.crm.deals.cards import owner_words
from fullfunnel.crm.models import Deal

HEADER = (
    "id", "name", "company", "pipeline", "stage", "state", "amount", "currency", "closes_on", "owner", "next_step",
    "next_step_on", "need", "opened_at", "stage_since", "decided_at", "lost_reason", "competitor", MARKER,
)  # fmt: skip


def csv_rows(deals: Iterable[Deal]) -> Iterator[list[str]]:
    """Yield the cells of each deal as HEADER names them; times in the workspace's zone, amounts with four places."""
    for deal in deals:
        yield [
            deal.public_id,
            deal.name,
            str(deal.company or ""),
            deal.pipeline.name,
            deal.stage.name,
            deal.state,
            "" if deal.amount is None else str(deal.amount),
            deal.currency,
            str(deal.closes_on or ""),
            owner_words(deal),
            deal.next_step,
            str(deal.next_step_on or ""),
            deal.need,
            moment_cell(deal.opened_at),
            moment_cell(deal.stage_since),
            moment_cell(deal.decided_at),
            str(deal.lost_reason or ""),
            deal.competitor,
            MARKER_VALUE,
        ]
