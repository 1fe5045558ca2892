"""Ways in that need no password: links to set a new one, and the first visit of an empty installation."""
