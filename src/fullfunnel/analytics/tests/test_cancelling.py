"""Who may end a question that takes its time."""

import pytest

from fullfunnel.analytics.models import Asking
from fullfunnel.core import clock
from tests.kit.cast import Member


@pytest.mark.parametrize(
    ("role", "askers", "status", "then", "left"),
    [
        ("viewer", ["me"], 200, "cancelled", ["me"]),
        ("viewer", ["me", 0], 200, "answering", [0]),
        ("viewer", [0], 404, "answering", [0]),
        ("marketer", [0], 404, "answering", [0]),
        ("seller", [], 404, "answering", []),
        ("admin", [0], 200, "cancelled", [0]),
        ("owner", [0, "me"], 200, "cancelled", [0, "me"]),
    ],
)
def test_who_may_cancel_a_question(workspace, role, askers, status, then, left):
    member = Member(f"{role}@halden.example", role).joins(workspace, role)
    ids = [member.user.pk if asker == "me" else asker for asker in askers]
    row = Asking.objects.create(
        workspace=workspace, key="k", version="1", state="answering", answerer="x", askers=ids, heartbeat_at=clock.now()
    )
    told = member.client.post(f"/w/halden/asking/{row.pk}/cancel/", headers={"HX-Request": "true"})
    assert (told.status_code if told.status_code != 286 else 200) == status
    row.refresh_from_db()
    assert (row.state, row.askers) == (then, [member.user.pk if asker == "me" else asker for asker in left])
    assert ("somebody else does" in told.content.decode()) == (then == "answering" and status == 200)
