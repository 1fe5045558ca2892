"""New lead: somebody who called, came by or was met, typed in by one of us."""
