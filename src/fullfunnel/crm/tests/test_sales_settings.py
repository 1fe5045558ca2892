"""Settings, Sales: pipelines, their stages in order, and the reasons for losing."""

import pytest

from fullfunnel.crm import actions
from fullfunnel.crm.models import LostReason, Pipeline, PipelineStage
from fullfunnel.crm.pipelines import default_pipeline, lost_reasons_of, pipelines_of, stages_of

NAMES = ["Discovery", "Demo", "Proposal", "Negotiation", "Won", "Lost"]


def send(member, path="", **given):
    address = f"/w/halden/settings/sales/{path}"
    found = member.client.post(address, given, follow=True) if path else member.client.get(address)
    return " ".join(found.content.decode().split())


@pytest.fixture
def pipeline(workspace):
    return default_pipeline(workspace)


def names(pipeline):
    return [stage.name for stage in stages_of(pipeline)]


def test_the_page_shows_the_pipelines_with_their_stages_and_the_reasons(alice, workspace):
    text = send(alice)
    assert [f'value="{name}"' in text for name in [*NAMES, "Sales", "No decision"]] == [True] * 8


def test_a_pipeline_is_made_renamed_and_archived(alice, workspace):
    assert "Partners was made." in send(alice, "pipelines/", name="Partners", like="households")
    made = Pipeline.objects.get(name="Partners")
    assert names(made)[0] == "Visit booked"
    assert "Saved." in send(alice, f"pipelines/{made.public_id}/rename/", name="Resellers")
    assert "Resellers was archived." in send(alice, f"pipelines/{made.public_id}/archive/")
    assert [each.name for each in pipelines_of(workspace)] == ["Sales"]
    assert "between 1 and 100 characters" in send(alice, "pipelines/", name=" ")
    assert Pipeline.objects.filter(archived_at=None).count() == 1


def test_a_pipeline_with_open_deals_stays(alice, bob, waiting, pipeline):
    actions.open_deal(waiting, by=bob.user)
    assert "1 open deals are in Sales" in send(alice, f"pipelines/{pipeline.public_id}/archive/")
    pipeline.refresh_from_db()
    assert pipeline.archived_at is None


def test_an_open_stage_comes_before_won_and_lost_and_moves_one_place_at_a_time(alice, pipeline):
    send(alice, f"pipelines/{pipeline.public_id}/stages/", name="Trial", kind="open", band="middle")
    assert names(pipeline) == [*NAMES[:4], "Trial", "Won", "Lost"]
    trial = PipelineStage.objects.get(name="Trial")
    send(alice, f"stages/{trial.public_id}/", name="Test", band="top", move="left")
    assert names(pipeline) == [*NAMES[:3], "Test", "Negotiation", "Won", "Lost"]
    send(alice, f"stages/{trial.public_id}/", name="Test", band="top", move="right")
    assert names(pipeline) == [*NAMES[:4], "Test", "Won", "Lost"]
    trial.refresh_from_db()
    assert trial.band == "top"
    send(alice, f"stages/{trial.public_id}/remove/")
    assert names(pipeline) == NAMES


def test_a_stage_that_deals_were_in_stays(alice, bob, waiting, pipeline, stages):
    actions.open_deal(waiting, by=bob.user)
    assert "it belongs to their history" in send(alice, f"stages/{stages['Discovery'].public_id}/remove/")
    assert names(pipeline) == NAMES


def test_a_reason_is_added_renamed_archived_and_comes_back(alice, workspace):
    send(alice, "reasons/", name="Wrong region")
    reason = LostReason.objects.get(name="Wrong region")
    send(alice, f"reasons/{reason.public_id}/rename/", name="Too far away")
    send(alice, f"reasons/{reason.public_id}/archive/")
    assert "Too far away" not in [each.name for each in lost_reasons_of(workspace)]
    send(alice, "reasons/", name="Too far away")
    assert lost_reasons_of(workspace)[-1] == reason
    assert "There is a reason &#x27;Too far away&#x27; already" in send(
        alice, f"reasons/{lost_reasons_of(workspace)[0].public_id}/rename/", name="Too far away"
    )


def test_a_shop_that_sells_online_only_finds_no_sales_in_its_settings(alice, workspace):
    page = "/w/halden/settings/workspace/"
    assert "settings/sales/" in alice.client.get(page).content.decode()
    workspace.sells = "online"
    workspace.save()
    assert "settings/sales/" not in alice.client.get(page).content.decode()
