"""What the ASGI front hands to rooms, before Django is asked."""

# (name, paths, path of an ASGI application). A path is exact, or a prefix of one part that ends in "/", as "/l/". An application
# answers under load, for strangers, without Django's middleware: it brings its own headers, limits and refusals.
DOORS = [
    (
        "capture",
        [
            "/ff.js",
            "/v1/identify", "/v1/track", "/v1/page", "/v1/screen", "/v1/group", "/v1/alias", "/v1/batch", "/v1/import",
            "/v1/i", "/v1/t", "/v1/p", "/v1/s", "/v1/g", "/v1/a", "/v1/b",
        ],
        "fullfunnel.capture.asgi.application",
    ),
]  # fmt: skip

# Pattern of a path of Django -> bytes that its body may have, where that is more than the usual 8 MiB.
LARGE_BODIES = {
    r"/w/[a-z0-9_-]+/settings/look/logo/": 20 * 1024 * 1024 + 64 * 1024,
    r"/w/[a-z0-9_-]+/campaigns/spend/reports/": 20 * 1024 * 1024 + 64 * 1024,
}
