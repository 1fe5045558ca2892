"""What happens as time passes."""

# Lane -> its ticks: (name, seconds between calls, path of a function () -> bool "there is more to do now"). The lanes run apart
# from each other, each one's ticks in order; a lane without ticks starts nothing.
LANES: dict[str, list[tuple[str, float, str]]] = {
    # From the journal to answers, within seconds: nothing may hold it up.
    "stream": [
        ("drain", 0.2, "fullfunnel.events.on_tick.drain_what_came"),
        ("index", 0.5, "fullfunnel.events.on_tick.publish"),
    ],
    # Merging, forgetting, and the backup of the night.
    "upkeep": [
        # The few mails to our own users; from messaging on they go by the lane `sending`.
        ("send-mail", 1.0, "fullfunnel.core.mail.sending.send_due"),
        ("compact", 5.0, "fullfunnel.events.on_tick.compact"),
        ("fill-reactions", 1.0, "fullfunnel.events.on_tick.fill_reactions"),
        ("stage-moves", 2.0, "fullfunnel.stages.on_tick.tell_moves"),
        ("age-out", 30.0, "fullfunnel.crm.on_tick.age_out"),
        # Before the next, which takes it away from whoever is told.
        ("tell-late", 30.0, "fullfunnel.crm.on_tick.tell_what_is_late"),
        ("move-late", 30.0, "fullfunnel.crm.on_tick.move_late"),
        ("hand-on", 30.0, "fullfunnel.crm.on_tick.hand_on_of_absent"),
        ("tell-due", 60.0, "fullfunnel.crm.on_tick.tell_what_is_due"),
        ("forget-notices", 3600.0, "fullfunnel.notices.on_tick.forget_notices"),
        ("watch-leaks", 20.0, "fullfunnel.stages.leaks.on_tick.watch_leaks"),
        ("tell-weekly", 60.0, "fullfunnel.stages.weekly.on_tick.tell_weekly"),
        ("win-deals", 60.0, "fullfunnel.crm.on_tick.win_what_stayed"),
        ("forget-journal", 600.0, "fullfunnel.events.on_tick.forget_journal"),
        ("forget-people", 60.0, "fullfunnel.people.on_tick.finish_erasures"),
        ("forget-salts", 10.0, "fullfunnel.capture.on_tick.forget_salts"),
        ("forget-answers", 30.0, "fullfunnel.analytics.on_tick.forget_answers"),
        ("back-up", 60.0, "fullfunnel.events.on_tick.back_up"),
        ("forget-mail", 3600.0, "fullfunnel.core.mail.sending.forget_mails"),
        ("forget-sign-ins", 3600.0, "fullfunnel.workspaces.on_tick.forget"),
    ],
    # Deciding what to do next about people.
    "acting": [],
    # Handing messages over to other machines.
    "sending": [],
    # Fetching from other machines.
    "pulling": [],
}

# Process of `serve` -> its lanes, each a thread of it. What acts and sends takes no time, memory or life from the stream.
PROCESSES = {
    "worker": ["stream", "upkeep", "pulling"],
    "acting": ["acting"],
    "sending": ["sending"],
}
