"""Pipelines, stages and lost reasons are the workspace's own to edit, by its admins."""

import pytest

from fullfunnel.crm import actions
from fullfunnel.crm.defaults import Stage
from fullfunnel.crm.models import LostReason, Pipeline, PipelineStage
from fullfunnel.crm.pipelines import default_pipeline, lost_reasons_of, pipelines_of, stages_of
from fullfunnel.workspaces.models import AuditEntry
from tests.kit.refusals import refusal_of

MODELS = [Pipeline, PipelineStage, LostReason, AuditEntry]


@pytest.fixture
def pipeline(workspace):
    return default_pipeline(workspace)


def names(pipeline):
    return [stage.name for stage in stages_of(pipeline)]


def test_stages_are_added_renamed_moved_and_removed(pipeline, alice):
    pilot = actions.add_stage(pipeline, name="Pilot", place=2, by=alice.user)
    assert names(pipeline) == ["Discovery", "Demo", "Pilot", "Proposal", "Negotiation", "Won", "Lost"]
    actions.change_stage(pilot, name="Trial", place=0, by=alice.user)
    assert names(pipeline)[:3] == ["Trial", "Discovery", "Demo"]
    actions.remove_stage(pilot, by=alice.user)
    assert names(pipeline)[0] == "Discovery"
    assert [stage.place for stage in stages_of(pipeline)] == [0, 1, 2, 3, 4, 5]


def test_a_stage_that_deals_were_in_stays_and_so_do_won_and_lost(pipeline, stages, acme, alice):
    actions.move_deal(actions.open_deal(acme, by=alice.user), to=stages["Demo"], by=alice.user)
    for name in ("Discovery", "Demo"):
        assert "belongs to their history" in refusal_of(
            lambda name=name: actions.remove_stage(stages[name], by=alice.user), MODELS
        )
    for name in ("Won", "Lost"):
        assert "keeps at least one stage" in refusal_of(
            lambda name=name: actions.remove_stage(stages[name], by=alice.user), MODELS
        )


def test_a_second_pipeline_needs_open_won_and_lost(workspace, pipeline, alice, acme):
    assert "at least one stage that is open" in refusal_of(
        lambda: actions.create_pipeline(workspace, name="Renewals", stages=[Stage("Due")], by=alice.user), MODELS
    )
    stages = [Stage("Due"), Stage("Renewed", "won", "after"), Stage("Left", "lost")]
    made = actions.create_pipeline(workspace, name="Renewals", stages=stages, by=alice.user)
    assert [each.name for each in pipelines_of(workspace)] == ["Sales", "Renewals"]
    deal = actions.open_deal(acme, pipeline=made, by=alice.user)
    assert deal.stage.name == "Due"
    assert "1 open deals are in Renewals" in refusal_of(lambda: actions.archive_pipeline(made, by=alice.user), MODELS)
    actions.move_deal(deal, to=stages_of(made)[1], by=alice.user)
    actions.archive_pipeline(made, by=alice.user)
    assert [each.name for each in pipelines_of(workspace)] == ["Sales"]
    assert actions.rename_pipeline(pipeline, name="New business", by=alice.user).name == "New business"


def test_reasons_are_added_renamed_and_put_away(workspace, alice):
    first = lost_reasons_of(workspace)[0]
    added = actions.add_lost_reason(workspace, name="Works council", by=alice.user)
    assert (
        refusal_of(lambda: actions.rename_lost_reason(first, name="Works council", by=alice.user), MODELS)
        == "There is a reason 'Works council' already."
    )
    actions.rename_lost_reason(first, name="Price", by=alice.user)
    actions.archive_lost_reason(added, by=alice.user)
    assert lost_reasons_of(workspace)[0].name == "Price"
    assert "Works council" not in [each.name for each in lost_reasons_of(workspace)]
    assert actions.add_lost_reason(workspace, name="Works council", by=alice.user) == added
    for reason in lost_reasons_of(workspace)[1:]:
        actions.archive_lost_reason(reason, by=alice.user)
    (last,) = lost_reasons_of(workspace)
    assert "keeps at least one" in refusal_of(lambda: actions.archive_lost_reason(last, by=alice.user), MODELS)


def test_only_admins_edit_them(workspace, pipeline, bob):
    stage, reason = stages_of(pipeline)[0], lost_reasons_of(workspace)[0]
    for act in (
        lambda: actions.create_pipeline(workspace, name="x", stages=[], by=bob.user),
        lambda: actions.rename_pipeline(pipeline, name="x", by=bob.user),
        lambda: actions.archive_pipeline(pipeline, by=bob.user),
        lambda: actions.add_stage(pipeline, name="x", place=0, by=bob.user),
        lambda: actions.change_stage(stage, name="x", by=bob.user),
        lambda: actions.remove_stage(stage, by=bob.user),
        lambda: actions.add_lost_reason(workspace, name="x", by=bob.user),
        lambda: actions.rename_lost_reason(reason, name="x", by=bob.user),
        lambda: actions.archive_lost_reason(reason, by=bob.user),
    ):
        assert "Only these roles" in refusal_of(act, MODELS)
