"""Whose turn it is, and by when: who gets a new lead and why, when the first answer is due, and how soon it came."""
