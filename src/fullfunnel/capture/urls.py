from django.urls import URLPattern, path

from fullfunnel.capture import views

app_name = "capture"
urlpatterns: list[URLPattern] = [path("w/<slug:slug>/settings/channels/", views.channels, name="channels")]
