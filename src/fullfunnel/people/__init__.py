"""people: whom it happened to: profiles, identities, companies, consent.

A person is a set of identities; merge and unmerge change that set and no event.
Others may use: models (read), actions (identify, merge, unmerge, forget), units.units_of, timeline.
"""
