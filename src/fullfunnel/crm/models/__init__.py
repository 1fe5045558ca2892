"""What salespeople work on: hand-overs, pipelines, deals, activities, tasks."""

from fullfunnel.crm.models.assigning import SalesRules, Territory, Turn, WhenLate
from fullfunnel.crm.models.deals import Bant, Deal, DealMove, DealPerson, SaidBy
from fullfunnel.crm.models.elsewhere import UnmatchedEvent
from fullfunnel.crm.models.hand_overs import HandOver, HandOverJoin, HandOverMove, Outcome, What
from fullfunnel.crm.models.pipelines import Band, LostReason, Pipeline, PipelineStage, StageKind
from fullfunnel.crm.models.work import Activity, ActivityKind, Direction, Task

__all__ = [
    "Activity",
    "ActivityKind",
    "Band",
    "Bant",
    "Deal",
    "DealMove",
    "DealPerson",
    "Direction",
    "HandOver",
    "HandOverJoin",
    "HandOverMove",
    "LostReason",
    "Outcome",
    "Pipeline",
    "PipelineStage",
    "SaidBy",
    "SalesRules",
    "StageKind",
    "Task",
    "Territory",
    "Turn",
    "UnmatchedEvent",
    "What",
    "WhenLate",
]
