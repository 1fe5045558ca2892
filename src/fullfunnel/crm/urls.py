from django.urls import URLPattern, path

from fullfunnel.crm.views import decisions, inbox, taking_back

app_name = "crm"
INBOX = "w/<slug:slug>/inbox/"
ONE = INBOX + "<str:hand_over_id>/"
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
]
