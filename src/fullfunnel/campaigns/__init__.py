"""campaigns: what is spent on being found, and what it returns: campaigns, spend, the content library.

No row names a person, so nothing here follows an erasure.
Others may use: models (read), actions, spending (what was spent, for datasets).
"""
