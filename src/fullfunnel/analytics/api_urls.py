from django.urls import URLPattern, path

from fullfunnel.analytics import api

app_name = "analytics-api"
urlpatterns: list[URLPattern] = [
    path("ask", api.ask, name="ask"),
]
