"""What programs may call with an API key."""

# URL modules that are included below /api/v1/. Each has an `app_name` of its own.
API = [
    "fullfunnel.analytics.api_urls",
]
