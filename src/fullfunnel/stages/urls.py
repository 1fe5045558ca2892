from django.urls import URLPattern, path

from fullfunnel.stages.leaks.urls import urlpatterns as of_leaks
from fullfunnel.stages.page import views as page
from fullfunnel.stages.rules import panels
from fullfunnel.stages.rules import views as rules
from fullfunnel.stages.views import both, scores, settings

app_name = "stages"
HERE = "w/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path(HERE, both.home, name="home"),
    path(HERE + "funnels/table.csv", both.table_csv, name="csv"),
    path(HERE + "funnels/people/", both.who, name="people"),
    path(HERE + "funnels/stage/", page.stage, name="stage"),
    path(HERE + "funnels/book.csv", page.book_csv, name="book-csv"),
    path(HERE + "funnels/joint/", page.joint, name="joint"),
    path(HERE + "funnels/why/", page.why, name="why"),
    path(HERE + "people/<str:public_id>/score/", scores.score_panel, name="score"),
    path(HERE + "people/<str:public_id>/stage/", panels.person_stage, name="person-stage"),
    path(HERE + "companies/<int:company_id>/stage/", panels.company_stage, name="company-stage"),
    path(HERE + "deals/<str:public_id>/stage/", panels.deal_stage, name="deal-stage"),
    path(HERE + "settings/rules/", rules.rules, name="rules"),
    path(HERE + "settings/rules/draft/", rules.draft, name="rules-draft"),
    path(HERE + "settings/rules/<int:number>/change/", rules.change, name="rules-change"),
    path(HERE + "settings/rules/<int:number>/adopt/", rules.adopt, name="rules-adopt"),
    path(HERE + "settings/rules/<int:number>/discard/", rules.discard, name="rules-discard"),
    path(HERE + "settings/rules/<int:number>/last-year/", rules.last_year, name="rules-preview"),
    path(HERE + "settings/rules/<int:number>/movers/", rules.movers, name="rules-movers"),
    path(HERE + "settings/pages/", settings.page_kinds, name="page-kinds"),
    path(HERE + "settings/sales/by-score/", settings.by_score, name="by-score"),
    path(HERE + "settings/sales/by-score/set/", settings.set_by_score, name="set-by-score"),
    path(HERE + "settings/sales/served/", settings.served, name="served"),
    path(HERE + "settings/sales/served/set/", settings.set_served, name="set-served"),
    *of_leaks,
]
