"""Telling the rooms what was stored: which reactions there are, what each was told, and reading the past for a new one."""
