"""Rows that mirror what another program says of its leads and deals, by events of a server's key or of a file."""
