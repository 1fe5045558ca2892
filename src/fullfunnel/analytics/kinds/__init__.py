"""The pages of the kinds of questions: a module a kind, which the list KINDS of the wiring names by its `PAGE`."""
