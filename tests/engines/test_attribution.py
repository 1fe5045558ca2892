"""The laws of attribution, that hold whatever the world, and stories that can be counted by hand."""

import random
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

import pytest

from fullfunnel.journeys.attribution import model_totals as earned
from fullfunnel.journeys.attribution.answer import answer_attribution
from fullfunnel.journeys.folds import step_matching as sought
from fullfunnel.journeys.questions.reading import parse
from fullfunnel.journeys.watch import Watch
from tests.engines.stream import Row, Stream
from tests.engines.worlds_attribution import random_question, random_world

DAY = 86_400_000_000
NOON = 1_772_452_800_000_000


def asked(world, **fields):
    question = {"kind": "attribution", "conversion": {"event": "won", "value": "revenue"}, "bootstrap": 0} | fields
    return answer_attribution(parse(question), world.dataset, Watch())


def told(*happened):
    """A world from texts "ada visit 0 channel=Email in=s1": who, what, days after noon, properties."""
    rows = []
    for one in happened:
        who, what, days, *rest = one.split()
        given = dict(part.split("=") for part in rest)
        session, actor = given.pop("in", None), given.pop("by", "person")
        rows.append(Row(who, what, NOON + round(float(days) * DAY), given, session, actor))
    return Stream(rows)


def credits(answer, model):
    return {row["value"]: row["conversions"] for row in answer["rows"] if row["model"] == model}


def test_the_order_of_arrival_is_of_no_matter_where_times_differ():
    for seed in range(30):
        rng = random.Random(seed)
        world, question = random_world(rng), random_question(rng)
        spread = [replace(row, at=row.at * 100 + place) for place, row in enumerate(world.rows)]
        shuffled = rng.sample(spread, len(spread))
        first, second = (
            answer_attribution(parse(question), Stream(rows, world.traits).dataset, Watch())
            for rows in (spread, shuffled)
        )
        assert first == second


def test_first_and_last_touch_change_places_when_time_runs_backwards():
    for seed in range(30):
        rng = random.Random(seed)
        touches = [("ad", NOON + rng.randint(1, 10**6), rng.choice("ABC")) for _ in range(rng.randint(1, 8))]

        def world(turn, touches=touches):
            rows = [Row("ada", name, NOON + turn(at - NOON), {"channel": value}) for name, at, value in touches]
            return Stream([*rows, Row("ada", "won", NOON + 10**6 + 1)])

        then = asked(world(lambda at: at), touches="ad", lookback=None)
        back = asked(world(lambda at: 10**6 + 1 - at), touches="ad", lookback=None)
        earned = [{value for value, part in credits(then, m).items() if part} for m in ("first_touch", "last_touch")]
        turned = [{value for value, part in credits(back, m).items() if part} for m in ("last_touch", "first_touch")]
        if len({at for _, at, _ in touches}) == len(touches):
            assert earned == turned


def test_a_touch_counts_again_for_the_second_conversion_within_its_look_back():
    world = told("ada visit 0 channel=Email in=s1", "ada won 1", "ada won 2", "ada won 200")
    answer = asked(world)
    assert credits(answer, "linear") == {"Email": 2.0, None: 1.0}
    assert (answer["conversions"], answer["unattributed"]) == (3, 1)


def test_the_look_back_includes_its_end():
    world = told("ada visit 0 channel=Email in=s1", "ada won 90")
    assert credits(asked(world), "last_touch") == {"Email": 1.0, None: 0.0}
    world = told("ada visit 0 channel=Email in=s1", "ada won 90.00001")
    assert credits(asked(world), "last_touch") == {"Email": 0.0, None: 1.0}


def test_at_one_moment_only_a_touch_that_came_in_earlier_counts():
    before = told("ada ad 1 channel=Email", "ada won 1")
    after = told("ada won 1", "ada ad 1 channel=Email")
    assert credits(asked(before, touches="ad"), "linear") == {"Email": 1.0, None: 0.0}
    assert credits(asked(after, touches="ad"), "linear") == {"Email": 0.0, None: 1.0}


def test_a_conversion_that_begins_a_session_brings_its_touch_along_and_one_event_is_never_touch_and_conversion():
    world = told("ada won 1 channel=Email in=s1")
    assert credits(asked(world), "linear") == {"Email": 1.0, None: 0.0}
    assert credits(asked(world, touches="won"), "linear") == {"Email": 0.0, None: 1.0}


def test_a_session_that_came_from_the_site_itself_is_no_touch():
    world = told("ada visit 0 channel=Email in=s1", "ada visit 1 in=s2", "ada won 2")
    assert credits(asked(world), "last_touch") == {"Email": 1.0, None: 0.0}


def test_a_landing_page_is_the_first_page_that_the_session_saw():
    world = told(
        "ada click 0 channel=Email in=s1 path=/none",
        "ada page_viewed 0.001 in=s1 path=/guide",
        "ada page_viewed 0.002 in=s1 path=/price",
        "ada won 2",
    )
    assert credits(asked(world, by="landing_page"), "linear") == {"/guide": 1.0, None: 0.0}


def test_what_we_did_begins_no_session():
    world = told("ada mail 0 channel=Email by=us in=s1", "ada visit 0.01 channel=Direct in=s1", "ada won 2")
    assert credits(asked(world), "first_touch") == {"Direct": 1.0, None: 0.0}


def test_lead_and_opportunity_are_the_touches_at_the_latest_before_the_conversion():
    world = told(
        "ada visit 0 channel=A in=s1",
        "ada visit 1 channel=B in=s2",
        "ada lead_captured 2 by=system",
        "ada visit 3 channel=C in=s3",
        "ada visit 4 channel=D in=s4",
        "ada deal_created 5 by=us",
        "ada lead_captured 6 by=system",
        "ada visit 7 channel=E in=s5",
        "ada won 8",
    )
    answer = asked(world)
    assert credits(answer, "w_shaped") == {"A": 0.3, "B": 0.3, "C": 0.05, "D": 0.3, "E": 0.05, None: 0.0}
    assert credits(answer, "z_shaped") == {"A": 0.225, "B": 0.225, "C": 0.1, "D": 0.225, "E": 0.225, None: 0.0}


def test_of_very_many_touches_the_first_and_the_last_ninety_nine_count():
    touches = [f"ada ad {at / 10} channel={'A' if at == 0 else 'B' if at < 100 else 'C'}" for at in range(199)]
    answer = asked(told(*touches, "ada won 20"), touches="ad")
    assert credits(answer, "linear") == pytest.approx({"A": 0.01, "B": 0.0, "C": 0.99, None: 0.0}, abs=1e-9)
    assert credits(answer, "first_touch") == {"A": 1.0, "B": 0.0, "C": 0.0, None: 0.0}


def test_conversions_are_told_in_few_decimals_that_add_up_exactly():
    touches = [f"p{n} ad {k} channel={'ABC'[(n + k) % 3]}" for n in range(31) for k in range(1 + n % 7)]
    answer = asked(told(*touches, *(f"p{n} won 20" for n in range(31))), touches="ad", bootstrap=20)
    for model in {row["model"] for row in answer["rows"]} - {"participation"}:
        rows = [row for row in answer["rows"] if row["model"] == model]
        assert sum(Decimal(str(row["conversions"])) for row in rows) == 31, model
    figures = [row[name] for row in answer["rows"] for name in ("conversions", "share", "low", "high")]
    assert [one for one in figures if one != round(one, 8)] == []
    # A third is one: what rounding leaves goes to the first.
    thirds = asked(told(*(f"ada ad 1 channel={one}" for one in "ABC"), "ada won 2"), touches="ad")
    assert credits(thirds, "linear") == {"A": 0.33333334, "B": 0.33333333, "C": 0.33333333, None: 0.0}


def test_a_money_property_that_no_conversion_has_is_told_with_the_one_that_was_meant():
    world = told("ada ad 0 channel=A", "ada won 1 revenue=10 currency=EUR plan=pro", "ben won 2")
    assert asked(world, conversion={"event": "won", "value": "revenu"})["notes"] == [
        {
            "field": "conversion.value",
            "message": "is a property that no conversion has: 'revenu'; did you mean 'revenue'?",
        }
    ]
    (note,) = asked(world, conversion={"event": "won", "value": "wibble"})["notes"]
    assert note["message"] == "is a property that no conversion has: 'wibble'"
    (note,) = asked(world, conversion={"event": "won", "value": "plan"})["notes"]
    assert note["message"] == "holds no amount of money, such as 99.90, in any conversion: 'plan'"


def test_a_name_that_no_conversion_has_either_is_not_suggested():
    world = told("ada ad 0 channel=A revenue=3", "ada won 1")
    (note,) = asked(world, conversion={"event": "won", "value": "revenu"})["notes"]
    assert note["message"] == "is a property that no conversion has: 'revenu'"


def test_where_some_conversions_have_money_or_all_have_none_of_it_nothing_is_noted():
    assert "notes" not in asked(told("ada won 1 revenue=10", "ben won 2"))
    assert "notes" not in asked(told("ada won 1 revenue=0"))
    assert "notes" not in asked(told("ada ad 1 revenue=1"))
    assert "notes" not in asked(told("ada won 1"), conversion="won")


def test_ranges_hold_the_share_and_are_the_same_when_asked_again():
    rows = [f"p{n} visit 0 channel={'A' if n % 3 else 'B'} in=s{n}" for n in range(60)]
    rows += [f"p{n} won 1 revenue=10 currency=EUR" for n in range(30)]
    first, second = (asked(told(*rows), bootstrap=200) for _ in range(2))
    assert first == second
    for row in first["rows"]:
        assert row["low"] <= row["share"] <= row["high"]
    wide = next(row for row in first["rows"] if (row["model"], row["value"]) == ("linear", "A"))
    # 20 of 30: about two standard deviations of sqrt(2/9 / 30) on either side.
    assert (wide["low"], wide["high"]) == (pytest.approx(0.49, abs=0.06), pytest.approx(0.84, abs=0.06))


def test_how_people_are_portioned_does_not_matter_to_the_ranges_either():
    rng = random.Random(7)
    rows = [f"p{n} visit 0 channel={rng.choice('ABC')} in=s{n}" for n in range(60)]
    world = told(
        *rows, *(f"p{n} won {days} q={rng.choice('xy')}" for days in (1, 2) for n in rng.sample(range(60), 25))
    )
    for breakdown in ({}, {"breakdown": {"property": "q"}}):
        question = parse({"kind": "attribution", "conversion": {"event": "won"}, "bootstrap": 40} | breakdown)
        # As one portion, of everybody alone, and between.
        whole, *cut = (_in_portions(question, world, *sizes) for sizes in [(10**9, 10**9), (1, 1), (7, 3)])
        assert any(row["model"] == "shapley" and row["low"] < row["high"] for row in whole["rows"])
        assert cut == [whole, whole]


def _in_portions(question, world, rows, journeys):
    with patch.object(sought, "PORTION", rows), patch.object(earned, "AT_ONCE", journeys):
        return answer_attribution(question, world.dataset, Watch())


def test_the_ranges_of_many_journeys_are_as_wide_as_chance_makes_them():
    rows = [f"p{n} visit 0 channel={'A' if n * 7 % 3 else 'B'} in=s{n}" for n in range(1_500)]
    answer = asked(told(*rows, *(f"p{n} won 1" for n in range(1_500))), bootstrap=400, models=["linear", "u_shaped"])
    found = [(row["model"], row["high"] - row["low"]) for row in answer["rows"] if row["value"] == "A"]
    # 1,000 of 1,500: 1.96 standard deviations of sqrt(2/9 / 1,500) on either side.
    assert [name for name, width in found if abs(width - 0.0477) > 0.008] == []
    assert len(found) == 2


def test_shapley_knows_the_twelve_largest_values_and_calls_the_rest_other():
    rows = [f"p{n} visit 0 channel=c{n % 20:02d} in=s{n}" for n in range(80)]
    rows += [f"p{n} won 1" for n in range(40)]
    answer = asked(told(*rows), limit=100)
    assert len(credits(answer, "linear")) == 22
    assert set(credits(answer, "shapley")) == {*(f"c{n:02d}" for n in range(12)), "(other)", None}
    assert sum(credits(answer, "shapley").values()) == pytest.approx(40, abs=1e-9)


def test_a_value_that_no_journey_has_takes_nobodys_place():
    old = ["ada ad 0 channel=A", "ada won 200"]
    answer = asked(told(*old, "ben ad 1 channel=B", "cleo ad 1 channel=C", "cleo won 2"), touches="ad", limit=2)
    assert set(credits(answer, "markov")) == {"C", "B", "(other)", None}
    assert set(credits(asked(told(*old), touches="ad", limit=2), "markov")) == {"A", None}


def test_who_came_directly_and_went_away_is_not_taken_for_a_conversion_without_a_touch():
    answer = asked(told("ada won 1", "ben visit 0 channel=Direct in=s1"), models=["markov", "shapley"])
    assert [credits(answer, model) for model in ("markov", "shapley")] == [{"Direct": 0.0, None: 1.0}] * 2
    world = told("ada won 1", "cleo visit 0 channel=Direct in=s2", "cleo won 1", "ben visit 0 channel=Direct in=s1")
    assert credits(asked(world), "shapley") == {"Direct": 1.0, None: 1.0}


def test_a_world_without_anything_is_answered_with_nothing():
    answer = asked(Stream([]), bootstrap=50)
    assert (answer["conversions"], answer["totals"], answer["disagreement"]) == (0, [], [])
    assert {row["conversions"] for row in answer["rows"]} == {0.0}
