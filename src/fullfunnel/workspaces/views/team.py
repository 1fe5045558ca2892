"""Settings, Team: who works when, who is away, how many leads they take, and in which team they are."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.core.pages import render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import dates
from fullfunnel.workspaces import actions
from fullfunnel.workspaces.actions.team import Day
from fullfunnel.workspaces.models import Absence, Holiday, Membership, Team, WorkingHours
from fullfunnel.workspaces.scope import ADMINS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.team import forms as team_forms
from fullfunnel.workspaces.team.calendars import calendars_of
from fullfunnel.workspaces.team.hooks import work_of
from fullfunnel.workspaces.team.public_holidays import countries, public_holidays
from fullfunnel.workspaces.team.shown import team_of

SECTION = {"section": "team"}


@allow(EVERYONE)
@require_safe
def team(request: MemberRequest) -> HttpResponse:
    """The page."""
    teams = Team.objects.filter(workspace=request.workspace).order_by("name")
    context = {"team": team_of(request.workspace), "teams": teams, "may_change": request.may(ADMINS)}
    return render(request, "workspaces/team.html", context | SECTION)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: MemberRequest) -> HttpResponse:
    """The hours of everybody who has none of their own."""
    row = WorkingHours.objects.filter(workspace=request.workspace, user=None).first()
    week = dict(calendars_of(request.workspace).common.week)
    initial = {"timezone": row.timezone if row else ""}
    form = team_forms.Hours(request.POST or None, initial=initial, week=week)
    if form.is_valid() and _saved(request, form, None):
        return redirect("workspaces:team", request.workspace.slug)
    return render_form(request, "workspaces/team_hours.html", form, SECTION)


def _saved(request: MemberRequest, form: team_forms.Hours, member: Membership | None) -> bool:
    given = {"timezone": form.cleaned_data["timezone"], "week": form.week}
    user = member.user if member else None
    saved = form.accept(actions.set_hours(request.workspace, user=user, **given, by=request.member))
    if saved:
        tell(request, saved, "Saved. What is due was counted again.")
    return saved is not None


def _member(request: MemberRequest, membership_id: int) -> Membership:
    rows = Membership.objects.select_related("user", "workspace", "team")
    return get_object_or_404(rows, pk=membership_id, workspace=request.workspace)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: MemberRequest, membership_id: int) -> HttpResponse:
    """A member's share of leads; their hours are a form beside it."""
    found = _member(request, membership_id)
    initial = {"capacity": found.capacity, "weight": found.weight, "team": found.team.public_id if found.team else ""}
    teams = Team.objects.filter(workspace=request.workspace).order_by("name")
    form = team_forms.Share(request.POST or None, initial=initial, teams=teams)
    if form.is_valid():
        given = form.cleaned_data | {"team": teams.filter(public_id=form.cleaned_data["team"]).first()}
        saved = form.accept(actions.set_share(found, **given, by=request.member))
        if saved:
            tell(request, saved, "Saved.")
            return redirect("workspaces:team", request.workspace.slug)
    return render_form(request, "workspaces/team_member.html", form, _of_member(request, found))


def _of_member(request: MemberRequest, found: Membership) -> dict[str, object]:
    row = WorkingHours.objects.filter(workspace=request.workspace, user_id=found.user_id).first()
    week = dict(calendars_of(request.workspace).plain(found.user_id).week)
    own = team_forms.Hours(initial={"timezone": row.timezone if row else ""}, week=week)
    return SECTION | {"of": found, "own": own, "has_own": row is not None}


@allow(ADMINS)
@require_POST
def member_hours(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Give a member hours of their own, or (`common`) those of everybody."""
    found = _member(request, membership_id)
    if "common" in request.POST:
        tell(request, actions.use_common_hours(found, by=request.member), "The common hours hold for them.")
        return redirect("workspaces:team", request.workspace.slug)
    own = team_forms.Hours(request.POST, week={})
    if own.is_valid() and _saved(request, own, found):
        return redirect("workspaces:team", request.workspace.slug)
    shares = team_forms.Share(teams=Team.objects.filter(workspace=request.workspace))
    context = _of_member(request, found) | {"own": own, "form": shares}
    return render(request, "workspaces/team_member.html", context, status=422)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: MemberRequest) -> HttpResponse:
    """The list, a form for one more, and a country's, which are looked at before they are taken (`?country=DE&year=2027`)."""
    form = team_forms.NewHoliday(request.POST or None)
    if form.is_valid():
        added = form.accept(actions.add_holidays(request.workspace, days=[Day(**form.cleaned_data)], by=request.member))
        if added:
            tell(request, added, f"{form.cleaned_data['name']} was added.")
            return redirect("workspaces:holidays", request.workspace.slug)
    rows = Holiday.objects.filter(workspace=request.workspace, day__year__gte=timezone.localdate().year)
    context = SECTION | _preset(request) | {"holidays": rows.order_by("day")}
    return render_form(request, "workspaces/team_holidays.html", form, context)


def _preset(request: MemberRequest) -> dict[str, object]:
    asked = request.GET if "country" in request.GET else None
    preset = team_forms.Preset(asked, countries=countries(), initial={"year": timezone.localdate().year})
    found = public_holidays(**preset.cleaned_data) if preset.is_valid() else None
    preset.accept(found or [])
    offered = [] if isinstance(found, Refused) else found or []
    return {"preset": preset, "offered": offered}


@allow(ADMINS)
@require_POST
def add_public_holidays(request: MemberRequest) -> HttpResponse:
    """Take those of a country's holidays that are ticked."""
    preset = team_forms.Preset(request.POST, countries=countries())
    found = public_holidays(**preset.cleaned_data) if preset.is_valid() else Refused("Choose a country and a year.")
    offered = [] if isinstance(found, Refused) else found
    days = [Day(day, name) for day, name in offered if str(day) in set(request.POST.getlist("day"))]
    added = (
        found if isinstance(found, Refused) else actions.add_holidays(request.workspace, days=days, by=request.member)
    )
    tell(request, added, lambda _: f"{len(days)} holidays were added.")
    return redirect("workspaces:holidays", request.workspace.slug)


@allow(ADMINS)
@require_POST
def remove_holiday(request: MemberRequest, holiday_id: int) -> HttpResponse:
    found = get_object_or_404(Holiday, pk=holiday_id, workspace=request.workspace)
    tell(request, actions.remove_holiday(found, by=request.member), f"{found.name} is a working day.")
    return redirect("workspaces:holidays", request.workspace.slug)


@allow(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: MemberRequest) -> HttpResponse:
    """Enter an absence: admins for anybody, others for themselves."""
    members = list(Membership.objects.filter(workspace=request.workspace).select_related("user", "workspace"))
    by_id = {str(each.pk): each for each in members}
    asked = request.GET.get("who", "")
    initial = {"who": asked if asked in by_id else str(request.member.pk)}
    offered = members if request.may(ADMINS) else [request.member]
    form = team_forms.EnterAbsence(request.POST or None, initial=initial, offered=offered, members=members)
    if form.is_valid() and (entered := form.accept(_entered(request, form.cleaned_data, by_id))):
        tell(
            request,
            entered,
            f"{entered.user} is away from {dates.day(entered.first, has_year=False)} to {dates.day(entered.last, has_year=False)}.",
        )
        return redirect("workspaces:team", request.workspace.slug)
    return render_form(request, "workspaces/team_absence.html", form, SECTION)


def _entered(request: MemberRequest, given: dict[str, Any], by_id: dict[str, Membership]) -> Absence | Refused:
    stand_in = by_id[given["stand_in"]].user if given["stand_in"] else None
    days = {"first": given["first"], "last": given["last"]}
    return actions.enter_absence(by_id[given["who"]], **days, stand_in=stand_in, by=request.member)


@allow(EVERYONE)
@require_POST
def remove_absence(request: MemberRequest, absence_id: int) -> HttpResponse:
    found = get_object_or_404(Absence.objects.select_related("user"), pk=absence_id, workspace=request.workspace)
    tell(request, actions.remove_absence(found, by=request.member), f"{found.user} is there on these days.")
    return redirect("workspaces:team", request.workspace.slug)


@allow(ADMINS)
@require_POST
def create_team(request: MemberRequest) -> HttpResponse:
    name = request.POST.get("name", "")
    tell(request, actions.create_team(request.workspace, name=name, by=request.member), f"{name.strip()} was made.")
    return redirect("workspaces:team", request.workspace.slug)


@allow(ADMINS)
@require_POST
def remove_team(request: MemberRequest, team_id: str) -> HttpResponse:
    found = get_object_or_404(Team, public_id=team_id, workspace=request.workspace)
    tell(request, actions.remove_team(found, by=request.member), f"{found} is no team any more.")
    return redirect("workspaces:team", request.workspace.slug)


@allow(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Ask who looks after a leaver's work, and let them go."""
    found = _member(request, membership_id)
    others = Membership.objects.filter(workspace=request.workspace).exclude(pk=found.pk).select_related("user")
    members = list(others.order_by("user__name", "pk"))
    form = team_forms.Leave(request.POST if request.method == "POST" else None, members=members)
    if form.is_valid():
        heir = next((each.user for each in members if str(each.pk) == form.cleaned_data["heir"]), None)
        removed = actions.remove_member(found, by=request.member, heir=heir)
        said = f" {heir} looks after their work." if heir else ""
        tell(request, removed, lambda user: f"{user.email} is no longer a member, and was signed out everywhere.{said}")
        return redirect("workspaces:members", request.workspace.slug)
    context = {"section": "members", "of": found, "held": work_of(found)}
    return render_form(request, "workspaces/remove_member.html", form, context)
