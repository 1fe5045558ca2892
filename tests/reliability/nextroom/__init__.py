"""A room of the next version. FULLFUNNEL_TEST_MIGRATION says how its migration ends: well, `raises`, `orphan` or `full`."""
