"""Halden's team: working hours, holidays, absences, territories, promises."""

from datetime import timedelta

from fullfunnel.core import clock
from fullfunnel.crm.actions import add_territory, set_sales_rules
from fullfunnel.demo import places
from fullfunnel.demo.done import done
from fullfunnel.workspaces.actions import add_holidays, create_team, enter_absence, set_hours, set_share
from fullfunnel.workspaces.actions.team import Day
from fullfunnel.workspaces.models import Membership, Workspace
from fullfunnel.workspaces.team.public_holidays import public_holidays


def set_up_team(workspace: Workspace, by: Membership) -> None:
    """Who works when, Bavaria's holidays, Emil away without a stand-in, Dana soon, and whose leads are whose."""
    members = {each.user.name: each for each in Membership.objects.filter(workspace=workspace).select_related("user")}
    north = done(create_team(workspace, name="North", by=by))
    south = done(create_team(workspace, name="South", by=by))
    for name, capacity, team in (("Bob", 12, south), ("Dana", 12, south), ("Emil", 16, north)):
        done(set_share(members[name], capacity=capacity, weight=1, team=team, by=by))
    early = dict.fromkeys(range(1, 6), ((480, 960),))
    done(set_hours(workspace, user=members["Emil"].user, timezone="", week=early, by=by))
    short = dict.fromkeys(range(1, 5), ((480, 960),))
    done(set_hours(workspace, user=members["Carol"].user, timezone="", week=short, by=by))
    today = clock.now().astimezone(places.HOME).date()
    for year in (today.year, today.year + 1):
        known = done(public_holidays("DE", "BY", year))
        done(add_holidays(workspace, days=[Day(day, name) for day, name in known], by=by))
    away = (("Emil", -10, 2, None), ("Dana", 11, 11, "Bob"))
    for name, first, last, stand_in in away:
        days = {"first": today + timedelta(days=first), "last": today + timedelta(days=last)}
        heir = members[stand_in].user if stand_in else None
        done(enter_absence(members[name], **days, stand_in=heir, by=by))
    for name, countries in (("Dana", ["CH", "DE"]), ("Emil", ["AT", "DE"])):
        user = members[name].user
        done(add_territory(workspace, user=user, countries=countries, postcodes="", conditions=[], by=by))
    done(
        set_sales_rules(
            workspace, by_turn=True, when_late="stays", answer_minutes=240, age_out_days=10, hand_overs_a_month=120,
            status_days=5, by=by,
        )
    )  # fmt: skip
