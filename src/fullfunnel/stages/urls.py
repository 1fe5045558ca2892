from django.urls import URLPattern, path

from fullfunnel.stages.views import settings

app_name = "stages"
HERE = "w/<slug:slug>/"
urlpatterns: list[URLPattern] = [
    path(HERE + "settings/pages/", settings.page_kinds, name="page-kinds"),
]
