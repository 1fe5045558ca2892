"""Plain funnels in one pass over the events: most of what people ask."""
