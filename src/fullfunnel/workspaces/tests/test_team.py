"""The team: who works when, who is away, how many leads they take, and what becomes of a leaver's work."""

from datetime import UTC, date, datetime

import pytest

from fullfunnel.core import clock
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.models import Absence, AuditEntry, Holiday, Membership, Team, WorkingHours
from fullfunnel.workspaces.team.calendars import calendars_of
from fullfunnel.workspaces.team.public_holidays import countries, public_holidays
from fullfunnel.workspaces.team.shown import team_of
from tests.kit.refusals import refusal_of

TEAM = "/w/halden/settings/team/"
MODELS = [Absence, Holiday, Membership, Team, WorkingHours, AuditEntry]
OFFICE = dict.fromkeys(range(1, 6), ((540, 1020),))
# A Monday, 11:00 in Halden.
NOW = datetime(2026, 11, 30, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def monday(workspace):
    workspace.timezone = "Europe/Berlin"
    workspace.save()
    with clock.frozen(NOW):
        yield


def member(who):
    return Membership.objects.get(user=who.user)


def page(who, path=""):
    return who.client.get(TEAM + path).content.decode()


def test_without_hours_everybody_works_from_monday_to_friday(workspace, alice):
    assert calendars_of(workspace).of(alice.user.pk).week == OFFICE
    assert "Mon–Fri 9–17" in page(alice)


def test_a_member_has_hours_of_their_own_or_those_of_everybody(workspace, alice, bob):
    common = {f"day_{day}": "8-16" for day in range(1, 6)}
    assert alice.client.post(TEAM + "hours/", common).status_code == 302
    path = f"{TEAM}members/{member(bob).pk}/hours/"
    assert alice.client.post(path, {"day_1": "22-6", "day_6": "9-12:30", "timezone": "Asia/Tokyo"}).status_code == 302
    calendars = calendars_of(workspace)
    assert calendars.of(alice.user.pk).week == dict.fromkeys(range(1, 6), ((480, 960),))
    assert calendars.of(bob.user.pk).week == {1: ((1320, 360),), 6: ((540, 750),)}
    assert calendars.of(bob.user.pk).zone == "Asia/Tokyo"
    assert "Mon 22–6, Sat 9–12:30" in page(alice)
    alice.client.post(path, {"common": "1"})
    assert calendars_of(workspace).of(bob.user.pk).week == calendars.common.week


def test_hours_that_are_none_are_refused_beside_their_day(alice, bob):
    answer = alice.client.post(f"{TEAM}members/{member(bob).pk}/hours/", {"day_1": "9-13, 12-17", "day_2": "late"})
    assert answer.status_code == 422
    assert "hours that overlap" in answer.content.decode()
    assert "“late” is no span of hours" in answer.content.decode()
    assert not WorkingHours.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda w, b: actions.set_hours(w, user=None, timezone="Mars", week=OFFICE, by=None), "no time zone"),
        (lambda w, b: actions.set_hours(w, user=None, timezone="", week={}, by=None), "at least one day hours"),
        (lambda w, b: actions.set_share(b, capacity=-1, weight=1, team=None, by=None), "from 0 to 10,000"),
        (lambda w, b: actions.set_share(b, capacity=1, weight=101, team=None, by=None), "from 0 to 100"),
        (lambda w, b: actions.add_holidays(w, days=[], by=None), "a day and a name"),
        (lambda w, b: actions.create_team(w, name=" ", by=None), "needs a name"),
        (
            lambda w, b: actions.enter_absence(
                b, first=date(2026, 12, 2), last=date(2026, 12, 1), stand_in=None, by=None
            ),
            "before the first",
        ),
        (
            lambda w, b: actions.enter_absence(
                b, first=date(2026, 1, 1), last=date(2029, 1, 1), stand_in=None, by=None
            ),
            "at most two years",
        ),
        (
            lambda w, b: actions.enter_absence(
                b, first=date(2026, 12, 1), last=date(2026, 12, 2), stand_in=b.user, by=None
            ),
            "another member",
        ),
    ],
)
def test_what_cannot_be_is_refused(workspace, bob, change, words):
    assert words in refusal_of(lambda: change(workspace, member(bob)), MODELS)


def test_members_enter_their_own_absences_and_nobody_elses(workspace, alice, bob):
    days = {"first": date(2026, 12, 1), "last": date(2026, 12, 2), "stand_in": None}
    refused = refusal_of(lambda: actions.enter_absence(member(alice), **days, by=member(bob)), MODELS)
    assert refused == "Only these roles of this workspace can do that: owner, admin."
    mine = actions.enter_absence(member(bob), **days, by=member(bob))
    assert calendars_of(workspace).of(bob.user.pk).away == ((date(2026, 12, 1), date(2026, 12, 2)),)
    assert "is away from 2026-12-01 to 2026-12-02 already" in refusal_of(
        lambda: actions.enter_absence(member(bob), **days, by=None), MODELS
    )
    assert bob.client.post(f"{TEAM}absences/{mine.pk}/remove/").status_code == 302
    assert not Absence.objects.exists()


def test_the_page_says_who_is_away_and_until_when(alice, bob):
    form = {"who": member(bob).pk, "first": "20 Nov 2026", "last": "2 Dec 2026", "stand_in": member(alice).pk}
    assert alice.client.post(TEAM + "absence/", form).status_code == 302
    shown = team_of(member(alice).workspace)
    (away,) = shown.away_now
    assert (away.days, away.back_on, away.absence.stand_in) == (9, date(2026, 12, 3), alice.user)
    seat = next(each for each in shown.seats if each.member.user == bob.user)
    assert [cell.state for cell in seat.cells[:7]] == ["away"] * 3 + ["open"] * 2 + ["closed"] * 2
    assert "Bob is away until\n  Thu 3 Dec" in page(alice)


def test_a_countrys_holidays_are_looked_at_before_they_are_kept(workspace, alice):
    shown = page(alice, "holidays/?country=DE&state=BY&year=2027")
    assert "Thu 27 May Corpus Christi" in shown
    assert not Holiday.objects.exists()
    ticked = {"country": "DE", "state": "BY", "year": "2027", "day": ["2027-05-27", "2027-12-25", "2027-07-01"]}
    assert alice.client.post(TEAM + "holidays/public/", ticked).status_code == 302
    assert list(Holiday.objects.order_by("day").values_list("day", "name")) == [
        (date(2027, 5, 27), "Corpus Christi"),
        (date(2027, 12, 25), "Christmas Day"),
    ]
    assert calendars_of(workspace).common.spans_on(date(2027, 5, 27)) == ()


def test_a_state_that_a_country_does_not_have_is_refused():
    assert "write one of BB, BE, BW" in public_holidays("DE", "XX", 2027).sentence
    assert public_holidays("XX", "", 2027).sentence == "Choose a country."
    assert ("CH", "Switzerland") in countries()


def test_half_a_holiday_is_worked(workspace, alice):
    form = {"day": "2026-12-24", "name": "Christmas Eve", "hours": "9-12"}
    assert alice.client.post(TEAM + "holidays/", form).status_code == 302
    assert calendars_of(workspace).common.spans_on(date(2026, 12, 24)) == ((540, 720),)
    eve = Holiday.objects.get()
    alice.client.post(f"{TEAM}holidays/{eve.pk}/remove/")
    assert calendars_of(workspace).common.spans_on(date(2026, 12, 24)) == ((540, 1020),)


def test_a_member_has_a_share_and_a_team(workspace, alice, bob):
    alice.client.post(TEAM + "teams/", {"name": "North"})
    north = Team.objects.get()
    path = f"{TEAM}members/{member(bob).pk}/"
    form = {"capacity": "6", "weight": "2", "team": north.public_id}
    assert alice.client.post(path, form).status_code == 302
    assert (member(bob).capacity, member(bob).weight, member(bob).team) == (6, 2, north)
    actions.remove_team(north, by=None)
    assert member(bob).team is None
    assert "a team North already" in refusal_of(
        lambda: (
            actions.create_team(workspace, name="North", by=None)
            and actions.create_team(workspace, name="North", by=None)
        ),
        [WorkingHours],
    )


def test_who_leaves_takes_their_hours_and_absences_along(workspace, alice, bob):
    actions.set_hours(workspace, user=bob.user, timezone="", week=OFFICE, by=None)
    days = {"first": date(2026, 12, 1), "last": date(2026, 12, 2)}
    actions.enter_absence(member(bob), **days, stand_in=None, by=None)
    assert (
        "looks after nothing"
        in alice.client.get(f"/w/halden/settings/members/{member(bob).pk}/remove/").content.decode()
    )
    assert actions.remove_member(member(bob), by=member(alice)) == bob.user
    assert not WorkingHours.objects.exists()
    assert not Absence.objects.exists()
