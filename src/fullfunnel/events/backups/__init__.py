"""Backups of a data directory, one each night."""
