from django.urls import URLPattern, path

from fullfunnel.stages.page import views as page
from fullfunnel.stages.views import both, scores, settings

app_name = "stages"
HERE = "w/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path(HERE, both.home, name="home"),
    path(HERE + "funnels/table.csv", both.table_csv, name="csv"),
    path(HERE + "funnels/people/", both.who, name="people"),
    path(HERE + "funnels/stage/", page.stage, name="stage"),
    path(HERE + "funnels/why/", page.why, name="why"),
    path(HERE + "people/<str:public_id>/score/", scores.score_panel, name="score"),
    path(HERE + "settings/pages/", settings.page_kinds, name="page-kinds"),
    path(HERE + "settings/sales/by-score/", settings.by_score, name="by-score"),
    path(HERE + "settings/sales/by-score/set/", settings.set_by_score, name="set-by-score"),
    path(HERE + "settings/sales/served/", settings.served, name="served"),
    path(HERE + "settings/sales/served/set/", settings.set_served, name="set-served"),
]
