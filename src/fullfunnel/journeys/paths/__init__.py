"""Paths: what came after an event, or before it."""
