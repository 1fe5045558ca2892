from django.urls import URLPattern, path

from fullfunnel.crm.views import deal, deals, decisions, inbox, moving, opening, taking_back, working

app_name = "crm"
INBOX = "w/<slug:slug>/inbox/"
ONE = INBOX + "<str:hand_over_id>/"
DEALS = "w/<slug:slug>/deals/"
DEAL = DEALS + "<str:public_id>/"
urlpatterns: list[URLPattern] = [
    path(INBOX, inbox.inbox, name="inbox"),
    path(INBOX + "came-from/", inbox.came_from, name="inbox-came-from"),
    path(ONE, inbox.record, name="inbox-record"),
    path(ONE + "accept/", decisions.accept, name="inbox-accept"),
    path(ONE + "reject/", decisions.reject, name="inbox-reject"),
    path(ONE + "recycle/", decisions.recycle, name="inbox-recycle"),
    path(ONE + "assign/", decisions.assign, name="inbox-assign"),
    path(ONE + "deal/", decisions.deal, name="inbox-deal"),
    path(ONE + "call/", decisions.call, name="inbox-call"),
    path(ONE + "take-over/", decisions.take_over, name="inbox-take-over"),
    path(ONE + "undo/", taking_back.undo, name="inbox-undo"),
    path(ONE + "undo-assign/", taking_back.undo_assign, name="inbox-undo-assign"),
    path(ONE + "undo-deal/", taking_back.undo_deal, name="inbox-undo-deal"),
    path(DEALS, deals.board, name="deals"),
    path(DEALS + "more/<str:stage_id>/", deals.more, name="more-deals"),
    path(DEALS + "list/", deals.deal_list, name="deal-list"),
    path(DEALS + "list/deals.csv", deals.deals_file, name="deals-csv"),
    path(DEALS + "new/", opening.new, name="new-deal"),
    path(DEALS + "people/", opening.people_options, name="people-options"),
    path(DEALS + "customers/", opening.customer_options, name="customer-options"),
    path(DEALS + "of-person/<str:person_id>/", opening.person_panel, name="person-deals"),
    path(DEAL, deal.deal, name="deal"),
    path(DEAL + "touches/", deal.touches, name="deal-touches"),
    path(DEAL + "move/", moving.move, name="move-deal"),
    path(DEAL + "lost/", moving.lose, name="lose-deal"),
    path(DEAL + "moves/<int:move_id>/undo/", moving.undo, name="undo-move"),
    path(DEAL + "change/", working.change, name="change-deal"),
    path(DEAL + "people/", working.add_person, name="add-person"),
    path(DEAL + "people/<str:person_id>/remove/", working.remove_person, name="remove-person"),
    path(DEAL + "activities/", working.log, name="log-activity"),
    path(DEAL + "tasks/", working.add_task, name="add-deal-task"),
    path(DEAL + "tasks/<str:task_id>/finish/", working.finish_task, name="finish-deal-task"),
    path(DEAL + "tasks/<str:task_id>/reopen/", working.reopen_task, name="reopen-deal-task"),
    path(DEAL + "take-back/", working.take_back, name="take-back-deal"),
    path(DEAL + "take-over/", working.take_over, name="take-over-deal"),
]
