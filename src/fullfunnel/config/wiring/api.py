"""What programs may call with an API key."""

# URL modules that are included below /api/v1/. Each has an `app_name` of its own.
API = [
    "fullfunnel.analytics.api_urls",
]

# Paths of django-ninja routers below /api/v1/: the operations of the REST API, described in one OpenAPI document.
ROUTERS = [
    "fullfunnel.people.api.router",
    "fullfunnel.crm.api.router",
    "fullfunnel.forms.api.router",
    "fullfunnel.campaigns.api.router",
]
