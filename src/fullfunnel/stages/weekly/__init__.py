"""Monday's mail to both teams: what costs most, and whom to call."""
