"""Source, medium and campaign -> GA4's default channel, from the public suite of dbt-ga4."""

import re
from collections.abc import Iterable, Iterator

from tests.cases import Outcome, Row, each, one_of, only

ROW = ("name", "kind", "source", "input", "expected")
PAID = re.compile(r".*cp.*|ppc|retargeting|paid.*")


def run(rows: Iterable[Row]) -> Iterator[Outcome]:
    return each(rows, check)


def check(row: Row) -> tuple[str, str]:
    from fullfunnel.capture.channels import ga4_channel

    only(row, ROW, "the row")
    one_of(row["kind"], ["ga4_default_channel"], "the kind")
    only(row["input"], ("source", "medium", "campaign"), "input")
    only(row["expected"], ("channel",), "expected")
    source, medium, campaign = (row["input"][name] for name in ("source", "medium", "campaign"))
    expected, note = as_google_reads_it(row["expected"]["channel"], medium)
    channel = ga4_channel(source, medium, campaign)
    return ("" if channel == expected else f"{channel}, expected {expected}"), note


def as_google_reads_it(channel: str, medium: str) -> tuple[str, str]:
    """The expected channel: one that is paid only where the medium is. In "A or B and C" that suite leaves C, the medium, to B alone."""
    if channel.startswith("Paid ") and not PAID.fullmatch(medium.lower()):
        organic = channel.replace("Paid ", "Organic ")
        return organic, f"read as {organic}: Google's rule of a paid channel asks for a paid medium (docs/adr/0042)"
    return channel, ""
