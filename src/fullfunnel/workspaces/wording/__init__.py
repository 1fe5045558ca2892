"""What a workspace says in its own words instead of the catalogue's (core.texts)."""
