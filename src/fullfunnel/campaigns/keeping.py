"""Lines of spend as rows: what can be kept, and what it replaces."""

from collections.abc import Iterable, Sequence
from datetime import date

from fullfunnel.campaigns.models import Spend, SpendReport
from fullfunnel.campaigns.spend.platforms import PLATFORMS
from fullfunnel.campaigns.spend.reading import Line
from fullfunnel.core.refused import Refused

AT_ONCE = 500
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


def wrong_lines(platform: str, lines: Sequence[Line]) -> Refused | None:
    """Return why these lines cannot be kept."""
    if platform not in PLATFORMS:
        return Refused(f"A platform is one of {', '.join(PLATFORMS)}.", "platform")
    if not lines:
        return Refused("There is no spend to keep.")
    late = next((line for line in lines if not EARLIEST <= line.day <= LATEST), None)
    return Refused(f"{late.day} is no day of spend.", "day") if late else None


def keep_lines(report: SpendReport, lines: Sequence[Line]) -> None:
    """Write the lines of a report, and let them replace what other reports say of the same days and campaigns."""
    _replace(report, lines)
    rows = (
        Spend(
            workspace_id=report.workspace_id, report=report, platform=report.platform, day=line.day, amount=line.amount,
            campaign_id=line.campaign_id, campaign_name=line.campaign, ad_group=line.ad_group, ad=line.ad,
            currency=line.currency, impressions=line.impressions, clicks=line.clicks,
        )
        for line in lines
    )  # fmt: skip
    Spend.objects.bulk_create(rows, batch_size=AT_ONCE)
    days = [line.day for line in lines]
    report.rows, report.first, report.last = len(lines), min(days), max(days)
    report.save(update_fields=["rows", "first", "last"])


def _replace(report: SpendReport, lines: Iterable[Line]) -> None:
    """Of each day, rows with the id or the name of a campaign that the new report tells of; of what it calls nothing, all such rows."""
    by_day: dict[date, set[tuple[str, str]]] = {}
    for line in lines:
        by_day.setdefault(line.day, set()).add((line.campaign_id, line.campaign.lower()))
    if not by_day:
        return
    kept = Spend.objects.filter(
        workspace_id=report.workspace_id, platform=report.platform, replaced_by=None, report__undone_at=None,
        day__range=(min(by_day), max(by_day)),
    )  # fmt: skip
    gone = []
    for pk, day, own_id, name in kept.values_list("pk", "day", "campaign_id", "campaign_name"):
        told = by_day.get(day, set())
        ids, names = {one for one, _ in told if one}, {one for _, one in told if one}
        same = own_id in ids if own_id and ids else name.lower() in names if name else False
        if same or (not own_id and not name and ("", "") in told):
            gone.append(pk)
    for at in range(0, len(gone), AT_ONCE):
        Spend.objects.filter(workspace_id=report.workspace_id, pk__in=gone[at : at + AT_ONCE]).update(
            replaced_by=report
        )
