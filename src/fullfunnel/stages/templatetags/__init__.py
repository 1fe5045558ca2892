"""Tags of the pages of stages."""
