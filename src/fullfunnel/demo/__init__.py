"""demo: a believable company, made through the public doors only."""
