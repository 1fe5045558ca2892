"""Pages of what is spent and what it returns."""
