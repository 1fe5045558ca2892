"""capture: how the world tells us: client dialects, limits, enrichment, the snippet."""
