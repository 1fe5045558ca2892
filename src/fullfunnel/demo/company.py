"""The workspace of the demo company: users, sources, keys and questions, made by the same actions as any other."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from fullfunnel.analytics.actions import pin_question, save_question
from fullfunnel.core import clock
from fullfunnel.demo import places
from fullfunnel.demo.done import done
from fullfunnel.demo.halden_campaigns import make_campaigns
from fullfunnel.demo.halden_forms import DEMO, make_forms
from fullfunnel.demo.halden_team import set_up_team
from fullfunnel.demo.others.firms import make_firms
from fullfunnel.demo.plan import days_before, last_midnight
from fullfunnel.demo.truth import QUARTERS
from fullfunnel.stages.rule_actions import adopt_rules, change_rules, draft_rules
from fullfunnel.workspaces.actions import (
    accept_invitation,
    create_api_key,
    create_source,
    create_user,
    create_workspace,
    invite_member,
)
from fullfunnel.workspaces.models import ApiKey, Membership, Role, Sells, Source, Workspace

SLUG = "halden"
OWNER = ("Alice", "alice@halden.example")
MEMBERS = (
    ("Carol", "carol@halden.example", Role.MARKETER),
    ("Bob", "bob@halden.example", Role.SELLER),
    ("Dana", "dana@halden.example", Role.SELLER),
    ("Emil", "emil@halden.example", Role.SELLER),
)
DEMO_FORM = [{"property": "form", "op": "=", "value": DEMO}]
PAGE = "page_viewed"
# What a newcomer finds under Saved; the first is pinned on the overview. All ask about the last quarter of the truth.
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "From the first visit to the won deal",
        {
            "kind": "funnel",
            "steps": [
                {"event": PAGE, "label": "Visited"},
                {
                    "event": PAGE,
                    "where": [{"property": "path", "op": "=", "value": "/pricing"}],
                    "label": "Saw the price",
                },
                {"event": "lead_handed_over", "label": "Handed over"},
                {"event": "deal_created", "label": "Opportunity"},
                {"event": "deal_won", "label": "Won"},
            ],
            "window": {"value": 30, "unit": "day"},
        },
    ),
    (
        "The demo form, by device",
        {
            "kind": "funnel",
            "steps": [
                {"event": "form_started", "where": DEMO_FORM, "label": "Began the demo form"},
                {"event": "form_submitted", "where": DEMO_FORM, "label": "The form arrived"},
            ],
            "window": {"value": 1, "unit": "day"},
            "breakdown": {"property": "device", "of": "event", "attribution": "first"},
        },
    ),
    (
        "Handed over and won, by first channel",
        {
            "kind": "funnel",
            "steps": [
                {"event": PAGE, "label": "Visited"},
                {"event": "lead_handed_over", "label": "Handed over"},
                {"event": "deal_won", "label": "Won"},
            ],
            "window": {"value": 90, "unit": "day"},
            "breakdown": {"property": "source", "of": "event", "attribution": "first"},
        },
    ),
)


def make_company() -> dict[str, Any]:
    """Makes workspace, users, keys and saved questions; returns the sign-in and keys, which are kept nowhere else."""
    password = secrets.token_urlsafe(9)
    owner = done(create_user(OWNER[1], password=password, name=OWNER[0], by=None))
    workspace = done(
        create_workspace(
            "Halden", owner=owner, sells=Sells.COMPANIES, timezone=str(places.HOME), currency="EUR", by=owner
        )
    )
    by = Membership.objects.get(workspace=workspace, user=owner)
    invite_everybody(workspace, by, password)
    set_up_team(workspace, by)
    keys = {
        door: done(create_source(workspace, name=name, kind=kind, by=owner))[1]
        for door, name, kind in (("web", "halden.example", Source.Kind.WEB), ("crm", "CRM", Source.Kind.SERVER))
    }
    end = last_midnight(clock.now())
    began, released = days_before(end, sum(days for days, _ in QUARTERS)), days_before(end, QUARTERS[0][0])
    forms = make_forms(workspace, by=by, began=began, released=released)
    adopt_own_rules(workspace, by, began, released)
    make_campaigns(workspace, by=by, end=end)
    for position, (name, question) in enumerate(QUESTIONS):
        dated = {**question, "period": last_quarter()}
        saved = done(save_question(workspace, name=name, question=dated, preset="", by=by))
        if position == 0:
            done(pin_question(saved, by=by))
    return {
        "workspace": workspace.slug,
        "email": owner.email,
        "password": password,
        "write_keys": keys,
        "others": make_firms(owner),
        "forms": {"ids": forms.ids, "pains": forms.pains},
        "api_key": done(create_api_key(workspace, name="demo", scopes=list(ApiKey.Scope.values), by=owner))[1],
    }


def adopt_own_rules(workspace: Workspace, by: Membership, began: datetime, adopted: datetime) -> None:
    """A change of the rules in the company's past: what a downloaded guide is worth. No stage counts by it."""
    draft = done(draft_rules(workspace, based_on=None, by=by, at=began))
    said = draft.rules
    for weight in said["score"]["engagement"]:
        if weight["reason"] == "guide downloaded":
            weight["points"] = 20
    done(change_rules(draft, rules=said, by=by))
    done(adopt_rules(draft, note="Who reads the guide wins twice as often", by=by, at=adopted))


def last_quarter() -> dict[str, str]:
    """The 90 days that the truth tells of, as a period of a question."""
    end = last_midnight(clock.now()).astimezone(places.HOME).date()
    first, last = end - timedelta(days=90), end - timedelta(days=1)
    return {"from": str(first), "to": str(last), "timezone": str(places.HOME)}


def invite_everybody(workspace: Workspace, by: Membership, password: str) -> None:
    """The colleagues, by invitation like anybody; they share the owner's password, which is random."""
    for name, email, role in MEMBERS:
        invitation, _ = done(invite_member(workspace, email=email, role=role, by=by))
        done(accept_invitation(invitation, password=password, name=name, by=None))
