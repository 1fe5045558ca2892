"""What the actions of analytics refuse themselves, whoever calls them; a refused one changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from fullfunnel.analytics import actions
from fullfunnel.analytics.models import Asking, SavedQuestion
from fullfunnel.workspaces.models import Membership
from tests.kit.cast import Member
from tests.kit.refusals import refusal_of

FUNNEL = {"kind": "funnel", "steps": [{"event": "page_viewed"}, {"event": "form_submitted"}]}
TREND = {"kind": "trend", "series": [{"event": "page_viewed"}]}
CHANGES: list[tuple[Any, dict[str, Any]]] = [
    (actions.share_question, {}),
    (actions.rename_question, {"name": "Other"}),
    (actions.change_question, {"question": FUNNEL, "preset": "30d"}),
    (actions.unpin_question, {}),
    (actions.delete_question, {}),
    (actions.restore_question, {}),
]


def refused(action: Callable[[], Any]) -> str:
    """The sentence of a refusal, which changed nothing."""
    return refusal_of(action, (SavedQuestion, Asking))


def membership(member: Member) -> Membership:
    return Membership.objects.get(user=member.user)


def save(by: Member, question: Any = FUNNEL, **values: Any) -> Any:
    workspace = membership(by).workspace
    return actions.save_question(
        workspace, **{"name": "First", "question": question, "preset": "90d", "by": membership(by)} | values
    )


@pytest.fixture
def viewer(workspace: Any) -> Member:
    return Member("vera@halden.example", "Vera").joins(workspace, "viewer")


def test_viewers_and_members_of_other_workspaces_change_no_saved_question(alice, viewer, charlie):
    saved = save(alice)
    assert "Viewers change" in refused(lambda: save(viewer))
    for change, values in [*CHANGES, (actions.pin_question, {})]:
        for member in (viewer, charlie):
            by = membership(member)
            assert "Viewers change" in refused(lambda: change(saved, **values, by=by)), change  # noqa: B023


def test_a_private_question_is_its_makers_alone(alice, bob):
    saved = save(bob, is_private=True)
    for change, values in CHANGES:
        words = refused(lambda: change(saved, **values, by=membership(alice)))  # noqa: B023
        assert words == "This question is its maker’s alone."
    bobs = save(bob)
    assert "Only who made it" in refused(lambda: actions.unshare_question(bobs, by=membership(alice)))
    shared = actions.share_question(saved, by=membership(bob))
    assert (shared.is_private, SavedQuestion.objects.get(pk=saved.pk).is_private) == (False, False)


def test_only_a_shared_funnel_stands_on_the_overview(alice):
    by, private, trend = membership(alice), save(alice, is_private=True), save(alice, TREND)
    assert "share it first" in refused(lambda: actions.pin_question(private, by=by))
    assert "Only a funnel" in refused(lambda: actions.pin_question(trend, by=by))
    pinned = actions.pin_question(save(alice), by=by)
    assert pinned.pinned_at is not None
    assert actions.unshare_question(pinned, by=by).pinned_at is None


@pytest.mark.parametrize(("name", "words"), [(" ", "Give it a name"), ("x" * 201, "this one has 201")])
def test_a_name_is_given_and_short(alice, name, words):
    saved = save(alice)
    assert words in refused(lambda: save(alice, name=name))
    assert words in refused(lambda: actions.rename_question(saved, name=name, by=membership(alice)))


def test_what_cannot_be_read_is_not_kept(alice):
    saved, wrong = save(alice), {"kind": "funnel", "steps": []}
    assert refused(lambda: save(alice, wrong)).startswith("steps: ")
    change = {"preset": "", "by": membership(alice)}
    assert refused(lambda: actions.change_question(saved, question=wrong, **change)).startswith("steps: ")
    assert "keeps its kind" in refused(lambda: actions.change_question(saved, question=TREND, **change))


def asking(workspace: Any, *askers: Member) -> Asking:
    ids = [member.user.pk for member in askers]
    return Asking.objects.create(
        workspace=workspace, key="d" * 64, version="1", state="answering", answerer="x", askers=ids
    )


def test_a_question_is_cancelled_by_who_asked_it_or_by_an_admin(workspace, alice, bob, viewer, charlie):
    row = asking(workspace, bob, viewer)
    for member in (Member("mia@halden.example", "Mia").joins(workspace, "marketer"), charlie):
        by = membership(member)
        assert "Somebody else asked" in refused(lambda: actions.cancel_asking(row, by=by))  # noqa: B023
    left = actions.cancel_asking(row, by=membership(bob))
    assert (left.state, left.askers) == ("answering", [viewer.user.pk])
    assert actions.cancel_asking(row, by=membership(viewer)).state == "cancelled"


def test_an_admin_cancels_what_others_still_wait_for(workspace, alice, bob):
    assert actions.cancel_asking(asking(workspace, bob), by=membership(alice)).state == "cancelled"
