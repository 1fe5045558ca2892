from django.urls import include, path

urlpatterns = [
    path("", include("fullfunnel.workspaces.urls")),
    path("", include("fullfunnel.analytics.urls")),
    path("", include("fullfunnel.people.urls")),
]
