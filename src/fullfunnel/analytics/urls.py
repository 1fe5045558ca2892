from django.urls import URLPattern, path

from fullfunnel.analytics.kinds.page import QuestionPage
from fullfunnel.analytics.kinds.wired import WiredPage, wired_pages
from fullfunnel.analytics.views import behind, drop_off, funnel, overview, saved, waiting, why
from fullfunnel.analytics.views.people_lists import people_view
from fullfunnel.analytics.views.question import csv_view, page_view

app_name = "analytics"
HERE = "w/<slug:slug>/"


def urls_of(wired: WiredPage) -> list[URLPattern]:
    """Return the URLs of a declared page: the page, its file, its list of people."""
    name, page = wired.name, wired.page
    if not isinstance(page, QuestionPage):
        return []
    here = f"{HERE}{name}/"
    urls = [
        path(here, page_view(wired, page), name=name),
        path(f"{here}table.csv", csv_view(wired, page), name=f"{name}-csv"),
    ]
    if page.people_list:
        urls.append(path(f"{here}people/", people_view(wired, page, page.people_list), name=f"{name}-people"))
    return urls


urlpatterns: list[URLPattern] = [
    path(HERE + "overview/", overview.overview, name="overview"),
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
    *[url for wired in wired_pages() for url in urls_of(wired)],
    path(HERE + "asking/<int:pk>/", waiting.asking, name="asking"),
    path(HERE + "asking/<int:pk>/cancel/", waiting.cancel, name="cancel-asking"),
    path(HERE + "saved/", saved.saved, name="saved"),
    path(HERE + "saved/find/", saved.find_saved, name="find-saved"),
    path(HERE + "saved/new/", saved.save, name="save"),
    path(HERE + "saved/<int:pk>/", saved.change_saved, name="change-saved"),
]
