"""config: puts the parts together: settings, wiring, urls, asgi."""
