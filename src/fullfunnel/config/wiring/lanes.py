"""What happens as time passes."""

# Lane -> its ticks: (name, seconds between calls, path of a function () -> bool "there is more to do now").
LANES: dict[str, list[tuple[str, float, str]]] = {
    # From the journal to answers, within seconds: nothing may hold it up.
    "stream": [
        ("drain", 0.2, "fullfunnel.events.on_tick.drain_what_came"),
        ("index", 0.5, "fullfunnel.events.on_tick.publish"),
    ],
    # Merging and forgetting.
    "upkeep": [
        ("compact", 5.0, "fullfunnel.events.on_tick.compact"),
        ("forget-journal", 600.0, "fullfunnel.events.on_tick.forget_journal"),
        ("forget-people", 60.0, "fullfunnel.people.on_tick.finish_erasures"),
        ("forget-salts", 10.0, "fullfunnel.capture.on_tick.forget_salts"),
        ("forget-answers", 30.0, "fullfunnel.analytics.on_tick.forget_answers"),
        ("forget-sign-ins", 3600.0, "fullfunnel.workspaces.on_tick.forget"),
    ],
}
