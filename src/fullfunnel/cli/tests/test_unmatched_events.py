"""`fullfunnel doctor` says what another program told of leads that fits none."""

from pathlib import Path

from fullfunnel.cli.doctor.stream_examinations import unmatched
from fullfunnel.core import clock
from fullfunnel.crm.models import UnmatchedEvent


def test_they_are_counted_by_source_and_name_with_the_reason(workspace, server):
    assert unmatched(Path()).found == "each event fits a lead"
    for number, name in enumerate(("lead_accepted", "lead_accepted", "lead_reopened")):
        row = {"source": server, "event_id": f"e-{number}", "name": name, "at": clock.now()}
        UnmatchedEvent.objects.create(workspace=workspace, **row)
    found = unmatched(Path())
    assert found.is_well
    assert found.found == (
        "2 x lead_accepted from Server; 1 x lead_reopened from Server changed nothing: "
        "without a lead_id, and the source had handed over nobody whom they can be about"
    )
