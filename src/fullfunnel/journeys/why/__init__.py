"""Why: the trace of one unit through a funnel, and what would have changed it."""
