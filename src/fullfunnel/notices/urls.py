from django.urls import URLPattern, path

from fullfunnel.notices import views

app_name = "notices"
NOTICES = "w/<slug:slug>/notices/"
urlpatterns: list[URLPattern] = [
    path(NOTICES, views.notices, name="list"),
    path(NOTICES + "read-all/", views.read_all, name="read-all"),
    path(NOTICES + "choices/", views.choose, name="choose"),
    path(NOTICES + "<str:notice_id>/read/", views.read, name="read"),
]
