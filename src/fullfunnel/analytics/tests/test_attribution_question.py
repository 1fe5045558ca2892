"""Attribution questions are read with their defaults, or refused with where and why."""

import pytest

from fullfunnel.events.conditions import Condition
from fullfunnel.events.names import canonical
from fullfunnel.journeys.attribution.models import NAMES
from fullfunnel.journeys.questions.reading import QuestionError, parse
from fullfunnel.journeys.questions.shapes import DAY, Breakdown, Period


def asked(**fields):
    return {"kind": "attribution", "conversion": {"event": "deal_won", "value": "revenue"}} | fields


def test_an_attribution_asks_by_default_all_models_about_the_sessions_of_90_days():
    question = parse({"kind": "attribution", "conversion": "deal_won"}, timezone="Europe/Berlin")
    assert (question.conversion.events, question.value, question.touches) == (("deal_won",), None, None)
    assert (question.by, question.models, question.lookback, question.half_life) == (
        "channel",
        NAMES,
        90 * DAY,
        7 * DAY,
    )
    assert (question.bootstrap, question.limit, question.period) == (200, 12, Period(timezone="Europe/Berlin"))
    assert question.lead.events == ("lead_captured", "lead_handed_over")
    assert question.opportunity.events == ("deal_created",)


def test_an_attribution_is_read_with_all_it_may_say():
    question = parse(
        asked(
            touches={"event": "Email Opened", "where": [{"property": "campaign", "op": "is_set"}]},
            by="campaign",
            models=["markov", "linear"],
            lookback=None,
            half_life={"value": 30, "unit": "day"},
            milestones={"lead": "form_submitted"},
            bootstrap=0,
            limit=5,
            where=[{"property": "plan", "value": "pro", "of": "person"}],
            breakdown={"property": "country", "of": "company"},
        ),
        canonical=canonical,
    )
    assert question.touches.events == ("email_opened",)
    assert question.touches.where == (Condition("campaign", "is_set"),)
    assert (question.value, question.by, question.models) == ("revenue", "campaign", ("linear", "markov"))
    assert (question.lookback, question.half_life, question.bootstrap, question.limit) == (None, 30 * DAY, 0, 5)
    assert (question.lead.events, question.opportunity.events) == (("form_submitted",), ("deal_created",))
    assert question.where == (Condition("plan", "=", ("pro",), "person"),)
    assert question.breakdown == Breakdown("country", "company")


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"kind": "attribution"}, "conversion", "is needed"),
        (asked(conversion={"event": "a", "vlaue": "b"}), "conversion.vlaue", "did you mean 'value'"),
        (asked(conversion={"event": "a", "value": 7}), "conversion.value", "must be a text"),
        (asked(conversion={"event": ""}), "conversion.event", "must be the name of an event"),
        (asked(touches={"evnt": "a"}), "touches.evnt", "did you mean 'event'"),
        (asked(by="device"), "by", "use one of: channel, channel_group, source"),
        (asked(models=[]), "models", "must be a list of 1 to 13"),
        (asked(models=["lnear"]), "models[0]", "did you mean 'linear'"),
        (asked(models=["linear", 7]), "models[1]", "is not known"),
        (asked(lookback={"value": -1, "unit": "day"}), "lookback.value", "0 or more"),
        (asked(half_life=None), "half_life", "must be longer than nothing"),
        (asked(half_life={"value": 0, "unit": "day"}), "half_life", "must be longer than nothing"),
        (asked(milestones={"deal": "a"}), "milestones.deal", "did you mean"),
        (asked(milestones={"lead": {"event": []}}), "milestones.lead.event", "must be the name"),
        (asked(bootstrap=1_001), "bootstrap", "from 0 to 1000"),
        (asked(limit=0), "limit", "from 1 to 100"),
        (asked(where=[{"property": "path", "value": "/"}]), "where[0].of", "must be person here"),
        (asked(touches={"event": "a", "where": [{"property": "p", "value": 1, "of": "person_then"}]}), "touches.where[0].of", "must be event or person"),
        (asked(breakdown={"property": "a", "attribution": "all"}), "breakdown.attribution", "is not known here"),
        (asked(window={"value": 1, "unit": "day"}), "window", "is not known here"),
        (asked(people={"segment": "b2b"}), "people.segment", "not answered yet"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_where_and_why(given, field, message):
    with pytest.raises(QuestionError) as refused:
        parse(given)
    assert refused.value.field == field
    assert message in refused.value.message
