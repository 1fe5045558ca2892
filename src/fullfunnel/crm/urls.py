from django.urls import URLPattern, path

from fullfunnel.crm.views import (
    activities,
    companies,
    deal,
    deals,
    decisions,
    inbox,
    moving,
    opening,
    person_panel,
    settings,
    taking_back,
    working,
)

app_name = "crm"
INBOX = "w/<slug:slug>/inbox/"
ONE = INBOX + "<str:hand_over_id>/"
DEALS = "w/<slug:slug>/deals/"
DEAL = DEALS + "<str:public_id>/"
COMPANIES = "w/<slug:slug>/companies/"
COMPANY = COMPANIES + "<int:company_id>/"
OF_PERSON = "w/<slug:slug>/people/<str:public_id>/sales/"
SETTINGS = "w/<slug:slug>/settings/sales/"
urlpatterns: list[URLPattern] = [
    path(INBOX, inbox.inbox, name="inbox"),
    path(INBOX + "came-from/", inbox.came_from, name="inbox-came-from"),
    path(ONE, inbox.record, name="inbox-record"),
    path(ONE + "accept/", decisions.accept, name="inbox-accept"),
    *(path(f"{ONE}{act}/", decisions.act, {"name": act}, name=f"inbox-{act}") for act in decisions.ACTS),
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
    path("w/<slug:slug>/activities/<str:activity_id>/undo/", activities.undo, name="undo-activity"),
    path(COMPANIES, companies.company_list, name="companies"),
    path(COMPANIES + "companies.csv", companies.companies_file, name="companies-csv"),
    path(COMPANIES + "new/", companies.new, name="new-company"),
    path(COMPANY, companies.company, name="company"),
    path(COMPANY + "change/", companies.change, name="change-company"),
    path(COMPANY + "activities/", companies.log, name="log-company"),
    path(COMPANY + "domains/", companies.add_domain, name="add-domain"),
    path(COMPANY + "domains/<int:domain_id>/confirm/", companies.confirm_domain, name="confirm-domain"),
    path(COMPANY + "domains/<int:domain_id>/remove/", companies.remove_domain, name="remove-domain"),
    path(OF_PERSON, person_panel.panel, name="person-panel"),
    path(OF_PERSON + "activities/", person_panel.log, name="log-person"),
    path(OF_PERSON + "hand-over/", person_panel.hand_over, name="hand-over-person"),
    path(OF_PERSON + "tasks/", person_panel.add_task, name="add-person-task"),
    path(OF_PERSON + "tasks/<str:task_id>/finish/", person_panel.finish_task, name="finish-person-task"),
    path(OF_PERSON + "tasks/<str:task_id>/reopen/", person_panel.reopen_task, name="reopen-person-task"),
    path(SETTINGS, settings.sales, name="sales-settings"),
    path(SETTINGS + "pipelines/", settings.create_pipeline, name="create-pipeline"),
    path(SETTINGS + "pipelines/<str:pipeline_id>/rename/", settings.rename_pipeline, name="rename-pipeline"),
    path(SETTINGS + "pipelines/<str:pipeline_id>/archive/", settings.archive_pipeline, name="archive-pipeline"),
    path(SETTINGS + "pipelines/<str:pipeline_id>/stages/", settings.add_stage, name="add-stage"),
    path(SETTINGS + "stages/<str:stage_id>/", settings.change_stage, name="change-stage"),
    path(SETTINGS + "stages/<str:stage_id>/remove/", settings.remove_stage, name="remove-stage"),
    path(SETTINGS + "reasons/", settings.add_reason, name="add-reason"),
    path(SETTINGS + "reasons/<str:reason_id>/rename/", settings.rename_reason, name="rename-reason"),
    path(SETTINGS + "reasons/<str:reason_id>/archive/", settings.archive_reason, name="archive-reason"),
]
