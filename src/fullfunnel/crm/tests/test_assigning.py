"""Who gets a lead and why, by when it is due, and what becomes of it when its owner is away, late, or leaves."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.db import close_old_connections

from fullfunnel.core import clock
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions, on_tick
from fullfunnel.crm.assigning.territories import Area, Condition, read_postcodes
from fullfunnel.crm.models import HandOver, HandOverMove, Outcome, SalesRules, Territory, Turn
from fullfunnel.people.models import Person
from fullfunnel.workspaces.actions import enter_absence, remove_member, set_hours, set_share
from fullfunnel.workspaces.models import Membership
from tests.cases import outcomes_of
from tests.kit.cast import Member
from tests.kit.refusals import refusal_of

MODELS = [HandOver, HandOverMove, SalesRules, Territory, Turn]
# A Friday, 19:00 in Halden: nobody works any more.
FRIDAY = datetime(2026, 11, 27, 18, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday(workspace):
    workspace.timezone = "Europe/Berlin"
    workspace.save()
    with clock.frozen(FRIDAY):
        yield


@pytest.fixture
def dana(workspace, bob):
    return Member("dana@halden.example", "Dana").joins(workspace, "seller")


def rules(workspace, **changed):
    kept = {"by_turn": True, "when_late": "stays", "answer_minutes": 240, "age_out_days": 10}
    more = {"hand_overs_a_month": None, "status_days": None}
    return actions.set_sales_rules(workspace, **kept | more | changed, by=None)


def member(who):
    return Membership.objects.get(user=who.user)


def lead(workspace, number, **traits):
    person = Person.objects.create(workspace=workspace, public_id=f"{number:020}", traits=traits)
    return actions.hand_over(person, cause_event=f"form-{number}", why=["Asked"], by=None)


def test_the_cases_of_others_are_answered(shared):
    outcomes = outcomes_of(shared("cases/selling/assignment.jsonl"))
    assert {outcome.name: outcome.wrong for outcome in outcomes if outcome.wrong} == {}
    assert len(outcomes) == 7


def test_fridays_evening_lead_is_due_on_monday(waiting):
    assert waiting.due_at == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert waiting.ages_out_at == datetime(2026, 12, 11, 16, tzinfo=UTC)
    assert (waiting.owner, waiting.owned_because) == (None, "New leads wait in the pool")


def test_new_leads_go_round_where_that_is_switched_on(workspace, bob, dana):
    rules(workspace)
    owners = [lead(workspace, number).owner for number in range(5)]
    assert owners == [bob.user, dana.user, bob.user, dana.user, bob.user]
    assert HandOver.objects.first().owned_because == "It is Bob's turn"


def test_the_companys_owner_comes_before_the_turn(workspace, bob, dana, known, acme):
    rules(workspace)
    acme.owner = dana.user
    acme.save()
    handed = actions.hand_over(known[0], cause_event="form-1", why=["Asked"], by=None)
    assert (handed.owner, handed.owned_because) == (dana.user, "Dana looks after the company")
    enter_absence(member(dana), first=date(2026, 11, 30), last=date(2026, 12, 4), stand_in=None, by=None)
    actions.reject_hand_over(handed, reason="Spam", by=None)
    again = actions.hand_over(known[0], cause_event="form-2", why=["Asked"], by=None)
    assert (again.owner, again.owned_because) == (bob.user, "Dana is away; it is Bob's turn")


def test_nobody_who_may_take_it_leaves_it_in_the_pool_and_says_why(workspace, bob, dana):
    rules(workspace)
    set_share(member(bob), capacity=0, weight=1, team=None, by=None)
    enter_absence(member(dana), first=date(2026, 11, 30), last=date(2026, 12, 4), stand_in=None, by=None)
    handed = lead(workspace, 1)
    assert handed.owner is None
    assert handed.owned_because == "Nobody can take it: Bob has 0 of 0; Dana is away"


def test_territories_are_postcodes_countries_and_conditions(workspace, bob, dana):
    rules(workspace)
    actions.add_territory(workspace, user=bob.user, countries=["de"], postcodes="80000-81999", conditions=[], by=None)
    big = [{"name": "beds", "op": "at_least", "value": "200"}]
    actions.add_territory(workspace, user=dana.user, countries=[], postcodes="", conditions=big, by=None)
    assert lead(workspace, 1, address={"country": "DE", "postalCode": "80331"}).owner == bob.user
    assert lead(workspace, 2, beds="380").owner == dana.user
    nowhere = lead(workspace, 3, country="FR")
    assert nowhere.owner is None
    assert nowhere.owned_because.endswith("Bob looks after other places; Dana looks after other places")


@pytest.mark.parametrize(
    ("ranges", "postcode", "is_in"),
    [
        ("80000-81999, 1010", "80331", True),
        ("80000-81999, 1010", "1010", True),
        ("80000-81999", "8100", False),
        ("4*", "4020", True),
        ("SW1A-SW1Z", "SW1P 3BU", True),
    ],
)
def test_a_postcode_is_in_its_ranges(ranges, postcode, is_in):
    assert read_postcodes(ranges) == ranges
    assert Area(postcodes=ranges).holds({"zip": postcode}) is is_in


def test_a_condition_that_compares_numbers_asks_for_numbers():
    assert not Condition("beds", "at_least", "200").holds({"beds": "many"})
    assert Condition("city", "contains", "graz").holds({"city": "Graz-Umgebung"})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"countries": ["Germany"]}, "no country"),
        ({"postcodes": "9-1"}, "no postcode"),
        ({}, "Say where"),
        ({"conditions": [{"name": "beds", "op": "roughly", "value": "2"}]}, "how it compares"),
    ],
)
def test_a_territory_that_says_nothing_is_refused(workspace, bob, given, words):
    whole = {"countries": [], "postcodes": "", "conditions": []} | given
    refused = refusal_of(lambda: actions.add_territory(workspace, user=bob.user, **whole, by=None), MODELS)
    assert words in refused


def test_who_is_away_on_monday_hands_on_and_it_is_said(workspace, bob, dana):
    rules(workspace)
    handed = lead(workspace, 1)
    assert handed.owner == bob.user
    days = {"first": date(2026, 11, 30), "last": date(2026, 12, 1)}
    enter_absence(member(bob), **days, stand_in=dana.user, by=None)
    handed.refresh_from_db()
    assert handed.due_at == datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert on_tick.hand_on_of_absent() is False
    handed.refresh_from_db()
    assert (handed.owner, handed.due_at) == (dana.user, datetime(2026, 11, 30, 12, tzinfo=UTC))
    assert handed.owned_because == "Bob is away until Tue 1 Dec; Dana stands in"
    moves = list(handed.moves.order_by("pk").values_list("what", "reason"))
    assert moves == [
        ("handed_over", ""),
        ("rescheduled", "Because of Bob being away until Tue 1 Dec"),
        ("assigned", "Bob is away until Tue 1 Dec; Dana stands in"),
    ]
    on_tick.hand_on_of_absent()
    assert handed.moves.count() == 3


def test_other_hours_move_what_is_due_and_say_so(workspace, waiting):
    week = dict.fromkeys(range(1, 6), ((720, 1020),))
    set_hours(workspace, user=None, timezone="", week=week, by=None)
    waiting.refresh_from_db()
    assert waiting.due_at == datetime(2026, 11, 30, 15, tzinfo=UTC)
    last = waiting.moves.order_by("-pk").first()
    assert (last.what, last.reason) == ("rescheduled", "Because of the working hours")
    assert last.told == {"due": ["2026-11-30T12:00:00+00:00", "2026-11-30T15:00:00+00:00"]}
    assert waiting.outcome == Outcome.WAITING


def test_another_owner_is_due_in_their_own_zone(workspace, waiting, dana):
    week = dict.fromkeys(range(1, 6), ((540, 1020),))
    set_hours(workspace, user=dana.user, timezone="America/New_York", week=week, by=None)
    given = actions.assign_hand_over(waiting, owner=dana.user, by=None)
    # Friday 13:00 there, so that four hours are over on the same day.
    assert given.due_at == datetime(2026, 11, 27, 22, tzinfo=UTC)


def test_who_waited_too_long_ages_out_once(workspace, waiting):
    assert on_tick.age_out() is False
    assert HandOver.objects.get().outcome == Outcome.WAITING
    with clock.frozen(waiting.ages_out_at):
        on_tick.age_out()
        on_tick.age_out()
    assert HandOver.objects.get().outcome == Outcome.AGED_OUT
    assert waiting.moves.filter(what="aged_out").count() == 1


def test_what_was_told_as_history_never_ages_out_and_goes_to_nobody(workspace, known, bob, dana):
    rules(workspace)
    told = actions.hand_over(known[2], cause_event="old", why=["Asked"], by=None, at=FRIDAY - timedelta(days=300))
    assert (told.owner, told.ages_out_at) == (None, None)
    assert told.due_at < FRIDAY
    on_tick.age_out()
    assert HandOver.objects.get().outcome == Outcome.WAITING


@pytest.mark.parametrize(("when_late", "owner"), [("stays", "Bob"), ("pool", "None"), ("colleague", "Dana")])
def test_a_late_one_moves_once_as_the_rules_say(workspace, bob, dana, when_late, owner):
    rules(workspace, when_late=when_late)
    handed = lead(workspace, 1)
    with clock.frozen(handed.due_at + timedelta(minutes=1)):
        on_tick.move_late()
        on_tick.move_late()
    handed.refresh_from_db()
    assert str(handed.owner) == owner
    assert handed.moves.filter(what="assigned").count() == (when_late != "stays")
    assert handed.outcome == Outcome.WAITING


def test_a_leavers_leads_go_to_the_heir_or_into_the_pool(workspace, alice, bob, dana):
    rules(workspace)
    for number in range(2):
        actions.assign_hand_over(lead(workspace, number), owner=bob.user, by=None)
    page = alice.client.get(f"/w/halden/settings/members/{member(bob).pk}/remove/").content.decode()
    assert "2 leads that wait" in page
    remove_member(member(bob), by=member(alice), heir=dana.user)
    assert set(HandOver.objects.values_list("owner__name", "owned_because")) == {("Dana", "Bob left the workspace")}
    remove_member(member(dana), by=member(alice))
    assert set(HandOver.objects.values_list("owner", flat=True)) == {None}


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_give_no_lead_twice_and_nobody_more_than_they_take(workspace, bob, dana):
    leads = [lead(workspace, number) for number in range(20)]
    for who in (bob, dana):
        set_share(member(who), capacity=6, weight=1, team=None, by=None)
    rules(workspace)

    def share_out(one):
        with clock.frozen(FRIDAY):
            actions.share_out_hand_over(one, why="Shared out", by=None)
        close_old_connections()

    threads = [Thread(target=share_out, args=(one,)) for one in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = [HandOver.objects.filter(owner=who.user).count() for who in (bob, dana)]
    assert held == [6, 6]
    assert HandOverMove.objects.filter(what="assigned").count() == 12
    assert HandOver.objects.filter(owner=None).count() == 8


def test_only_admins_change_the_rules(workspace, bob):
    given = {"by_turn": True, "when_late": "stays", "answer_minutes": 60, "age_out_days": 5}
    more = {"hand_overs_a_month": None, "status_days": None}
    refused = refusal_of(lambda: actions.set_sales_rules(workspace, **given, **more, by=member(bob)), MODELS)
    assert refused.startswith("Only these roles")
    assert isinstance(rules(workspace, answer_minutes=0), Refused)
    assert isinstance(rules(workspace, when_late="never"), Refused)


def test_the_inbox_says_how_long_is_left_and_who_is_away(workspace, alice, bob, dana):
    rules(workspace)
    handed = [lead(workspace, number, name=f"Lead {number}") for number in range(3)]
    with clock.frozen(MONDAY + timedelta(hours=1)):
        assert "due in 3" in alice.client.get("/w/halden/inbox/?tab=all").content.decode()
    days = {"first": date(2026, 11, 30), "last": date(2026, 12, 2)}
    enter_absence(member(bob), **days, stand_in=None, by=None)
    HandOver.objects.filter(pk=handed[0].pk).update(due_at=MONDAY)
    with clock.frozen(MONDAY + timedelta(hours=2)):
        for who, button in ((alice, True), (bob, False)):
            page = " ".join(who.client.get("/w/halden/inbox/?tab=all&sort=due").content.decode().split())
            assert "Bob, away until Thu 3 Dec: 2" in page
            assert ("Share out…" in page) is button
        team = " ".join(alice.client.get("/w/halden/settings/team/").content.decode().split())
        assert "away</strong> · 2 wait" in team
        path = f"/w/halden/inbox/share-out/{member(bob).pk}/"
        assert 'value="2"' in alice.client.get(path).content.decode()
        too_many = {f"to_{dana.user.pk}": "3"}
        assert alice.client.post(path, too_many).status_code == 422
        assert HandOver.objects.filter(owner=bob.user).count() == 2
        assert alice.client.post(path, {f"to_{dana.user.pk}": "2"}).status_code == 302
    assert HandOver.objects.filter(owner=dana.user).count() == 3
    assert "Alice shared out what waited with Bob" in set(HandOver.objects.values_list("owned_because", flat=True))


def test_the_page_of_leads_keeps_rules_and_territories(workspace, alice, bob):
    path = "/w/halden/settings/sales/leads/"
    form = {"by_turn": "on", "answer_hours": "1.5", "when_late": "pool", "age_out_days": "5", "status_days": ""}
    assert alice.client.post(path, form).status_code == 302
    kept = SalesRules.objects.get()
    assert (kept.by_turn, kept.answer_minutes, kept.when_late, kept.status_days) == (True, 90, "pool", None)
    given = {"user": bob.user.pk, "countries": "DE, AT", "name": "beds", "op": "at_least", "value": "200"}
    assert alice.client.post("/w/halden/settings/sales/territories/", given).status_code == 302
    assert "AT, DE · beds is at least 200" in alice.client.get(path).content.decode()
    removed = f"/w/halden/settings/sales/territories/{Territory.objects.get().public_id}/remove/"
    assert alice.client.post(removed).status_code == 302
    assert not Territory.objects.exists()
