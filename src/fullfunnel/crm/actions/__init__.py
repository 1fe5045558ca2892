"""What may be done in sales. Each writes its rows and its event, or audit entry, in one transaction, or returns Refused."""

from fullfunnel.crm.actions.advocating import note_advocacy
from fullfunnel.crm.actions.assigning import (
    give_back_hand_over,
    pass_on_hand_overs,
    reassign_hand_over,
    reschedule_hand_over,
    share_out_hand_over,
    share_out_waiting,
)
from fullfunnel.crm.actions.contacts import add_person_to_deal, remove_person_from_deal
from fullfunnel.crm.actions.deciding import (
    accept_hand_over,
    age_out_hand_over,
    recycle_hand_over,
    reject_hand_over,
    reopen_hand_over,
    undo_hand_over,
)
from fullfunnel.crm.actions.discarding import discard_deal
from fullfunnel.crm.actions.elsewhere import take_over_deal, take_over_hand_over
from fullfunnel.crm.actions.hand_overs import assign_hand_over, hand_over
from fullfunnel.crm.actions.leads import add_lead
from fullfunnel.crm.actions.moving import assign_deal, change_deal, move_deal, undo_move, win_deal
from fullfunnel.crm.actions.opening import open_deal, take_back_deal
from fullfunnel.crm.actions.pipelines import (
    add_lost_reason,
    add_stage,
    archive_lost_reason,
    archive_pipeline,
    change_stage,
    create_pipeline,
    remove_stage,
    rename_lost_reason,
    rename_pipeline,
)
from fullfunnel.crm.actions.rules import add_territory, remove_territory, set_sales_rules
from fullfunnel.crm.actions.stage_rules import rule_stage
from fullfunnel.crm.actions.supplying import supply_deal
from fullfunnel.crm.actions.work import (
    add_own_task,
    add_task,
    change_task,
    finish_task,
    log_activity,
    log_call,
    remove_task,
    reopen_task,
    take_back_activity,
)

__all__ = [
    "accept_hand_over",
    "add_lead",
    "add_lost_reason",
    "add_own_task",
    "add_person_to_deal",
    "add_stage",
    "add_task",
    "add_territory",
    "age_out_hand_over",
    "archive_lost_reason",
    "archive_pipeline",
    "assign_deal",
    "assign_hand_over",
    "change_deal",
    "change_stage",
    "change_task",
    "create_pipeline",
    "discard_deal",
    "finish_task",
    "give_back_hand_over",
    "hand_over",
    "log_activity",
    "log_call",
    "move_deal",
    "note_advocacy",
    "open_deal",
    "pass_on_hand_overs",
    "reassign_hand_over",
    "recycle_hand_over",
    "reject_hand_over",
    "remove_person_from_deal",
    "remove_stage",
    "remove_task",
    "remove_territory",
    "rename_lost_reason",
    "rename_pipeline",
    "reopen_hand_over",
    "reopen_task",
    "reschedule_hand_over",
    "rule_stage",
    "set_sales_rules",
    "share_out_hand_over",
    "share_out_waiting",
    "supply_deal",
    "take_back_activity",
    "take_back_deal",
    "take_over_deal",
    "take_over_hand_over",
    "undo_hand_over",
    "undo_move",
    "win_deal",
]
