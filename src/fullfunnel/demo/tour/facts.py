"""The numbers that the cards tell, asked when a card is shown."""

from dataclasses import dataclass, field
from typing import Any

from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.analytics.views.asking import ask_long
from fullfunnel.crm.models import HandOver, Outcome
from fullfunnel.demo.company import QUESTIONS
from fullfunnel.stages.asked import Shown, page_question
from fullfunnel.workspaces.scope import MemberRequest

Json = dict[str, Any]
AWAY = "emil@halden.example"
BY_DEVICE = QUESTIONS[1][0]


@dataclass(frozen=True)
class Facts:
    """stages: the answer of both funnels, of the last 90 days; devices: device -> (began the form, it arrived). Empty: not counted yet."""

    stages: Json = field(default_factory=dict)
    devices: dict[str, tuple[int, int]] = field(default_factory=dict)
    waiting: int = 0
    away: int = 0
    top: str = ""
    by_device: int | None = None


def facts_of(request: MemberRequest) -> Facts:
    """Return the numbers as of now."""
    waiting = HandOver.objects.filter(workspace=request.workspace, outcome=Outcome.WAITING)
    best = waiting.select_related("person").order_by("-fit", "-engagement", "handed_over_at").first()
    saved = SavedQuestion.objects.filter(workspace=request.workspace, name=BY_DEVICE).first()
    stages = ask_long(request, page_question(Shown(), request.workspace)).answer
    return Facts(
        stages=stages or {},
        devices=_devices(request, saved.question) if saved else {},
        waiting=waiting.count(),
        away=waiting.filter(owner__email=AWAY).count(),
        top=str(best.person) if best else "",
        by_device=saved.pk if saved else None,
    )


def _devices(request: MemberRequest, question: Json) -> dict[str, tuple[int, int]]:
    answer = ask_long(request, question).answer or {}
    return {
        str(group["value"]): (group["steps"][0]["count"], group["steps"][-1]["count"])
        for group in answer.get("groups", [])
    }
