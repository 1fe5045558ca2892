"""The content library: pieces with their readers and what became of them, landing pages, said against measured."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fullfunnel.analytics.views.asking import Asked, ask_long
from fullfunnel.analytics.views.behind import people_page
from fullfunnel.campaigns import actions
from fullfunnel.campaigns.asked import PERIODS, Shown, days_shown, period_json, read_shown
from fullfunnel.campaigns.content import (
    counts_of,
    landings_of,
    pages_question,
    readers_question,
    said_of,
    without_piece,
)
from fullfunnel.campaigns.forms import EditPiece
from fullfunnel.campaigns.models import Piece
from fullfunnel.core.numbers import percent_of
from fullfunnel.core.pages import asked_page, render_form, tell, whole_number
from fullfunnel.workspaces.models import Sells
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow

Json = dict[str, Any]
ICONS = {"page": "file-text", "file": "download", "video": "presentation", "webinar": "presentation", "post": "share"}
BAR = 56.0
MOST = 60


@dataclass(frozen=True)
class Counted:
    """A piece with how many read it, and how many of them came to each step after. bars: px of readers and of leads."""

    piece: Piece
    icon: str
    counts: list[int]
    share: str
    bars: tuple[float, float]


@allow(EVERYONE)
@require_safe
def library(request: MemberRequest) -> HttpResponse:
    """The list: pieces by kind and stage, with readers, leads and wins; below it pages that are no piece."""
    shown = read_shown(request.GET)
    pieces, chosen = _pieces(request)
    asked = {piece: ask_long(request, _question(request, piece, shown)) for piece in pieces}
    pages = ask_long(request, pages_question(_period(request, shown)))
    waiting = next((one for one in [*asked.values(), pages] if one.waiting), None)
    context = _controls(request, shown) | {
        "asked": waiting or pages, "rows": [] if waiting else _counted(asked), "chosen": chosen,
        "kinds": Piece.Kind.choices, "stages": Piece.Stage.choices, "has_pieces": bool(pieces) or any(chosen.values()),
        "without": without_piece(landings_of(pages.answer), Piece.objects.filter(workspace=request.workspace))[:8] if pages.answer else [],
    }  # fmt: skip
    return render(request, "campaigns/content.html", context)


def _pieces(request: MemberRequest) -> tuple[list[Piece], Json]:
    rows = Piece.objects.filter(workspace=request.workspace).select_related("owner").order_by("name")
    kind, stage = request.GET.get("kind", ""), request.GET.get("stage", "")
    chosen = {"kind": kind if kind in Piece.Kind.values else "", "stage": stage if stage in Piece.Stage.values else ""}
    return list(rows.filter(**{name: value for name, value in chosen.items() if value})[:MOST]), chosen


def _controls(request: MemberRequest, shown: Shown) -> Json:
    is_shop = request.workspace.sells == Sells.ONLINE
    return {
        "workspace": request.workspace, "shown": shown, "periods": PERIODS, "may_edit": request.may(EDITORS), "is_shop": is_shop,
        "link": shown.link(),
    }  # fmt: skip


def _period(request: MemberRequest, shown: Shown) -> Json | None:
    days = days_shown(shown, request.workspace)
    return period_json(days, request.workspace) if days else None


def _question(request: MemberRequest, piece: Piece, shown: Shown) -> Json:
    return readers_question(piece, request.workspace, _period(request, shown))


def _counted(asked: dict[Piece, Asked]) -> list[Counted]:
    """The pieces with what they led to, the most wins first."""
    counts = {piece: counts_of(one.answer) if one.answer else [0, 0] for piece, one in asked.items()}
    most = [max([of[at] for of in counts.values()] + [1]) for at in (0, 1)]
    rows = [
        # Readers differ by hundreds: their bar is drawn by the cube root.
        Counted(piece, ICONS[piece.kind], of, percent_of(of[1], of[0]), (round(BAR * (of[0] / most[0]) ** (1 / 3), 1), round(BAR * of[1] / most[1], 1)))
        for piece, of in counts.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.counts[-1], -row.counts[1], -row.counts[0], row.piece.name))


@allow(EVERYONE)
@require_safe
def piece(request: MemberRequest, piece_id: str) -> HttpResponse:
    """The page of a piece; with `step` the people behind a number of it."""
    row, shown = _found(request, piece_id), read_shown(request.GET)
    question = _question(request, row, shown)
    here = f"{reverse('campaigns:piece', args=[request.workspace.slug, row.public_id])}?{shown.link()}"
    if "step" in request.GET:
        return _readers(request, row, question, here)
    asked = ask_long(request, question)
    steps = _steps(request, counts_of(asked.answer) if asked.answer else [], here)
    context = _controls(request, shown) | {"piece": row, "icon": ICONS[row.kind], "asked": asked, "steps": steps}
    return render(request, "campaigns/piece.html", context)


def _readers(request: MemberRequest, row: Piece, question: Json, back: str) -> HttpResponse:
    page, step = asked_page(request), whole_number(request.GET.get("step"), most=len(question["steps"]))
    listed = question | {"show": "people", "step": step, "limit": page.size, "offset": page.offset}
    context = {"title": f"Read “{row.name}”", "entered": "When", "back": back, "back_words": row.name}
    return people_page(request, ask_long(request, listed), page, context)


def _steps(request: MemberRequest, counts: list[int], here: str) -> list[tuple[int, str, str, str]]:
    """Return count, name, share of the one before, and the address of the people, of each step."""
    is_shop = request.workspace.sells == Sells.ONLINE
    names = ("readers", "orders") if is_shop else ("readers", "handed over", "opportunities", "won")
    shares = ["", *(percent_of(now, before) for before, now in pairwise(counts))]
    told = zip(counts, names, shares, strict=False)
    return [(count, name, share, f"{here}&step={at}") for at, (count, name, share) in enumerate(told, 1)]


def _found(request: MemberRequest, piece_id: str) -> Piece:
    rows = Piece.objects.select_related("owner", "workspace")
    return get_object_or_404(rows, workspace=request.workspace, public_id=piece_id)


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Add a piece; `?pattern=` fills in a page that was seen."""
    pattern = request.GET.get("pattern", "").replace("\0", "")[:500]
    name = pattern.rstrip("/").rpartition("/")[2].replace("-", " ").capitalize()
    initial = {"pattern": pattern, "name": name, "kind": "page", "stage": "interest"}
    form = EditPiece(request.POST or None, initial=initial, workspace=request.workspace)
    if form.is_valid():
        made = form.accept(actions.create_piece(request.workspace, described=form.described(), by=request.member))
        if made:
            tell(request, made, f"{made.name} was added.")
            return redirect("campaigns:piece", request.workspace.slug, made.public_id)
    return render_form(request, "campaigns/edit_piece.html", form, {})


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, piece_id: str) -> HttpResponse:
    row = _found(request, piece_id)
    kept = {name: getattr(row, name) for name in ("name", "kind", "stage", "pattern", "tag", "pain_point", "link")}
    kept["owner"] = row.owner.public_id if row.owner else ""
    form = EditPiece(request.POST or None, initial=kept, workspace=request.workspace)
    if form.is_valid():
        changed = form.accept(actions.edit_piece(row, described=form.described(), by=request.member))
        if changed:
            tell(request, changed, "Saved.")
            return redirect("campaigns:piece", request.workspace.slug, changed.public_id)
    return render_form(request, "campaigns/edit_piece.html", form, {"piece": row})


@allow(EDITORS)
@require_POST
def remove(request: MemberRequest, piece_id: str) -> HttpResponse:
    row = _found(request, piece_id)
    tell(request, actions.remove_piece(row, by=request.member), f"{row.name} is in the library no more.")
    return redirect("campaigns:content", request.workspace.slug)


@allow(EVERYONE)
@require_safe
def landing(request: MemberRequest) -> HttpResponse:
    """Pages on which people began: how many, and who of them began and sent a form within a day."""
    shown = read_shown(request.GET)
    asked = ask_long(request, pages_question(_period(request, shown)))
    rows = [
        (one, percent_of(one.begun, one.visits), percent_of(one.sent, one.begun))
        for one in (landings_of(asked.answer) if asked.answer else [])
    ]
    return render(request, "campaigns/landing.html", _controls(request, shown) | {"asked": asked, "rows": rows})


@allow(EVERYONE)
@require_safe
def said(request: MemberRequest) -> HttpResponse:
    """What people say brought them, against the channel of their first visit."""
    shown = read_shown(request.GET)
    found = said_of(request.workspace, days_shown(shown, request.workspace))
    return render(request, "campaigns/said.html", _controls(request, shown) | {"found": found})
