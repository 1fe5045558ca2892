"""What was refused is kept for a month, and of each workspace only the latest."""

from datetime import timedelta

from fullfunnel.core import clock
from fullfunnel.events import on_tick
from fullfunnel.events.models import Refusal
from fullfunnel.workspaces.models import Workspace


def refuse(workspace, number, days=0.0):
    Refusal.objects.create(
        workspace=workspace, source_id=1, received_at=clock.now() - timedelta(days=days), reason="r", item="{}",
        journal_key=f"{workspace.pk}-{number}",
    )  # fmt: skip


def test_only_the_latest_refusals_of_each_workspace_are_kept(workspace, monkeypatch):
    monkeypatch.setattr(on_tick, "MOST_REFUSALS", 3)
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    for number in range(5):
        refuse(workspace, number)
    for number in range(2):
        refuse(elsewhere, number)
    refuse(elsewhere, "old", days=31)
    on_tick.forget_journal()
    left = sorted(Refusal.objects.values_list("journal_key", flat=True))
    here, there = workspace.pk, elsewhere.pk
    assert left == sorted([f"{here}-2", f"{here}-3", f"{here}-4", f"{there}-0", f"{there}-1"])
