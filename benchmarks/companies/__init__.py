"""Random companies whose truth is known."""
