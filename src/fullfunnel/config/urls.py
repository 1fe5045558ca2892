from django.urls import include, path

from fullfunnel.config import errors, rest, wiring
from fullfunnel.config.health import health

urlpatterns = [
    path("health", health, name="health"),
    *(path("api/v1/", include(urls)) for urls in wiring.API),
    path("api/v1/", include((rest.urls(), "rest"))),
    path("", include("fullfunnel.workspaces.urls")),
    path("", include("fullfunnel.capture.urls")),
    path("", include("fullfunnel.analytics.urls")),
    path("", include("fullfunnel.stages.urls")),
    path("", include("fullfunnel.demo.urls")),
    path("", include("fullfunnel.crm.urls")),
    path("", include("fullfunnel.messaging.urls")),
    path("", include("fullfunnel.forms.urls")),
    path("", include("fullfunnel.campaigns.urls")),
    path("", include("fullfunnel.notes.urls")),
    path("", include("fullfunnel.notices.urls")),
    path("", include("fullfunnel.people.urls")),
]

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error
