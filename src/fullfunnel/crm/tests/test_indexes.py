"""The queries of lists, boards and panels are answered by an index, without statistics: with 2 M activities a scan takes 20 s."""

import pytest
from django.db.models import Count, F, Sum

from fullfunnel.core import clock
from fullfunnel.core.sql import checked
from fullfunnel.crm import reading
from fullfunnel.crm.deals.wanted import Wanted
from fullfunnel.crm.models import Activity, Deal, DealPerson, HandOver
from fullfunnel.crm.pipelines import stages_of


@pytest.fixture
def deal(waiting, bob):
    from fullfunnel.crm import actions

    return actions.open_deal(waiting, details={"amount": "100"}, by=bob.user)


def mine(deal, user):
    """What somebody sees who asks for their open deals of a pipeline that are late, with a word of their name."""
    asked = {"state": "open", "owner": "mine", "pipeline": deal.pipeline, "past_close": True, "words": "a"}
    return Wanted(deal.workspace, user, (deal.pipeline,), **asked).deals()


QUERIES = {
    "inbox": (lambda d, u: reading.waiting_hand_overs(d.workspace), "hand_over_outcome"),
    "mine": (lambda d, u: reading.waiting_hand_overs(d.workspace, u), "hand_over_owner"),
    "pool": (lambda d, u: reading.waiting_hand_overs(d.workspace, None), "hand_over_owner"),
    "column": (lambda d, u: reading.column_deals(d.stage), "deal_board"),
    "deals": (lambda d, u: reading.listed_deals(d.workspace).order_by("-opened_at", "-pk"), "deal_newest"),
    "open and mine by amount": (lambda d, u: mine(d, u).order_by("-amount", "-pk"), "deal_amount"),
    "open and mine by close date": (lambda d, u: mine(d, u).order_by("closes_on", "pk"), "deal_closes"),
    "open and mine by next step": (lambda d, u: mine(d, u).order_by("next_step_on", "pk"), "deal_step"),
    "open and mine, the oldest first": (lambda d, u: mine(d, u).order_by("opened_at", "pk"), "deal_newest"),
    "won": (lambda d, u: reading.decided_deals(d.pipeline, "won", clock.now()), "deal_decided"),
    "by score": (
        lambda d, u: (
            HandOver.objects.filter(workspace=d.workspace, outcome="waiting")
            .annotate(score=F("fit") + F("engagement"))
            .order_by("-score", "-handed_over_at", "-pk")
        ),
        "hand_over_score",
    ),
    "of a company": (lambda d, u: reading.deals_of_company(d.company), "deal_company"),
    "waiting of a company": (
        lambda d, u: HandOver.objects.filter(
            workspace=d.workspace, company=d.company, outcome="waiting", is_kept_elsewhere=False
        ).order_by("handed_over_at", "pk"),
        "hand_over_company",
    ),
    "of a person": (lambda d, u: reading.hand_overs_of_person(d.hand_over.person), "hand_over_person"),
    "activities of a person": (lambda d, u: reading.activities_of(d.hand_over.person), "activity_person"),
    "activities of a deal": (lambda d, u: reading.activities_of(d), "activity_deal"),
    "activities of a company": (lambda d, u: reading.activities_of(d.company), "activity_company"),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_list_is_read_off_its_index_in_order(name, deal, bob):
    query, index = QUERIES[name]
    plan = query(deal, bob.user)[:50].explain()
    assert f"INDEX {index} (" in plan
    assert "TEMP B-TREE" not in plan


def test_counts_are_read_off_an_index_alone(deal, bob):
    waiting = HandOver.objects.filter(workspace=deal.workspace, outcome="waiting").order_by()
    assert "COVERING INDEX hand_over_owner" in waiting.values("owner").annotate(Count("pk")).explain()

    sums = reading.deals_in_stages(deal.pipeline, [deal.stage]).filter(checked("owner", bob.user.pk))
    lately = reading.decided_deals(deal.pipeline, "won", clock.now()).order_by()
    for rows, index in ((sums, "deal_sums"), (lately, "deal_decided")):
        plan = rows.values("stage", "currency").annotate(Count("pk"), Sum("amount")).explain()
        assert f"COVERING INDEX {index} (" in plan
    late = reading.past_close(deal.pipeline, clock.now().date())
    assert "COVERING INDEX deal_closes (" in late.values("workspace").annotate(Count("pk")).explain()
    stepless = reading.listed_deals(deal.workspace).filter(
        pipeline=deal.pipeline, state="open", next_step="", next_step_on=None
    )
    assert "COVERING INDEX deal_stepless (" in stepless.values("workspace").annotate(Count("pk")).explain()


@pytest.mark.parametrize("model", [HandOver, DealPerson, Activity])
def test_rows_of_somebody_who_is_erased_or_merged_are_found_by_an_index(model, known):
    plan = model.objects.filter(person__in=[person.pk for person in known]).explain()
    assert "SCAN" not in plan


def test_a_column_sums_all_its_deals_by_currency(deal, acme, stages, bob):
    from fullfunnel.crm import actions

    for amount, currency in (("50.5", "EUR"), ("7", "CHF")):
        actions.open_deal(acme, details={"amount": amount, "currency": currency}, is_new=True, by=bob.user)
    gone = actions.open_deal(acme, details={"amount": "1000"}, is_new=True, by=bob.user)
    actions.take_back_deal(gone, by=bob.user)
    actions.move_deal(deal, to=stages["Demo"], by=bob.user)
    sums = reading.column_sums(reading.deals_in_stages(deal.pipeline, stages.values()))
    found_sums = {
        stage.name: [(each.currency, each.count, str(each.amount)) for each in found]
        for stage in stages_of(deal.pipeline)
        if (found := sums.get(stage.pk))
    }
    assert found_sums == {"Discovery": [("CHF", 1, "7.0000"), ("EUR", 1, "50.5000")], "Demo": [("EUR", 1, "100.0000")]}
    assert [each.name for each in reading.column_deals(stages["Demo"])] == ["Acme"]
    assert Deal.objects.count() == 4
    assert reading.waiting_counts(deal.workspace) == {}
