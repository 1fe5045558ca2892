"""What happens once, when the worker starts."""

# Path of a function () -> None, called in the background. Conveniences only: nothing waits for them.
ON_START = [
    "fullfunnel.analytics.on_start.warm",
]
