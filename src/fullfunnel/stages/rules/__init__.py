"""Rules of the funnels with versions: drafts, the adopted one, what differs, and the moves that people make under them.

Others of this room may use: kept (which rules a workspace has), words (rules as sentences).
"""
