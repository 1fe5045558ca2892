"""The addresses of leaks, below a workspace's."""

from django.urls import URLPattern, path

from fullfunnel.stages.leaks import views

HERE = "w/<slug:slug>/leaks/"
ONE = HERE + "<str:leak_id>/"
urlpatterns: list[URLPattern] = [
    path(HERE, views.leak_list, name="leaks"),
    path(HERE + "table.csv", views.leak_csv, name="leaks-csv"),
    path(ONE, views.leak, name="leak"),
    path(ONE + "people/", views.who, name="leak-people"),
    path(ONE + "give/", views.give, name="give-leak"),
    path(ONE + "mend/", views.mend, name="mend-leak"),
    path(ONE + "close/", views.close, name="close-leak"),
    path(ONE + "reopen/", views.reopen, name="reopen-leak"),
]
