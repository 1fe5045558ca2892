from django.urls import URLPattern, path

from fullfunnel.analytics.views import attribution, behind, drop_off, funnel, overview, pages, saved, waiting, why

app_name = "analytics"
HERE = "w/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path(HERE, overview.overview, name="overview"),
    path(HERE + "figures/", overview.figures, name="figures"),
    path(HERE + "now/", overview.now, name="now"),
    path(HERE + "funnel/", funnel.funnel, name="funnel"),
    path(HERE + "funnel/people/", behind.funnel_people, name="funnel-people"),
    path(HERE + "funnel/time/", behind.funnel_time, name="funnel-time"),
    path(HERE + "funnel/over-time/", funnel.funnel_over_time, name="funnel-over-time"),
    path(HERE + "funnel/table.csv", funnel.funnel_csv, name="funnel-csv"),
    path(HERE + "funnel/why/", why.why, name="why"),
    path(HERE + "funnel/why/table.csv", why.why_csv, name="why-csv"),
    path(HERE + "funnel/drop-off/", drop_off.drop_off, name="drop-off"),
    path(HERE + "funnel/drop-off/people/", drop_off.drop_off_people, name="drop-off-people"),
    path(HERE + "funnel/drop-off/table.csv", drop_off.drop_off_csv, name="drop-off-csv"),
    path(HERE + "funnel/person/<str:public_id>/", why.person_funnels, name="person-funnels"),
    path(HERE + "trend/", pages.trend, name="trend"),
    path(HERE + "trend/people/", pages.trend_people, name="trend-people"),
    path(HERE + "trend/table.csv", pages.trend_csv, name="trend-csv"),
    path(HERE + "retention/", pages.retention, name="retention"),
    path(HERE + "retention/people/", pages.retention_people, name="retention-people"),
    path(HERE + "retention/table.csv", pages.retention_csv, name="retention-csv"),
    path(HERE + "paths/", pages.paths, name="paths"),
    path(HERE + "paths/people/", pages.paths_people, name="paths-people"),
    path(HERE + "paths/table.csv", pages.paths_csv, name="paths-csv"),
    path(HERE + "attribution/", attribution.attribution, name="attribution"),
    path(HERE + "attribution/table.csv", attribution.attribution_csv, name="attribution-csv"),
    path(HERE + "asking/<int:pk>/", waiting.asking, name="asking"),
    path(HERE + "asking/<int:pk>/cancel/", waiting.cancel, name="cancel-asking"),
    path(HERE + "saved/", saved.saved, name="saved"),
    path(HERE + "saved/find/", saved.find_saved, name="find-saved"),
    path(HERE + "saved/new/", saved.save, name="save"),
    path(HERE + "saved/<int:pk>/", saved.change_saved, name="change-saved"),
]
