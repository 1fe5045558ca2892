from django.urls import URLPattern, path

from fullfunnel.notes import views

app_name = "notes"
urlpatterns: list[URLPattern] = [
    path("w/<slug:slug>/people/<str:public_id>/notes/", views.panel, name="panel"),
    path("w/<slug:slug>/people/<str:public_id>/notes/add/", views.add, name="add"),
    path("w/<slug:slug>/notes/<str:note_id>/remove/", views.remove, name="remove"),
]
