"""Trends: how many events or people by hour, day, week or month, in SQL."""
