"""people: whom it happened to: profiles, identities, companies, consent.

A person is a set of identities; merge and unmerge change that set and no event.
Others may use: models (read), actions, identifiers (what names somebody), api (bodies that name somebody), naming (whom a program means), meeting (a stranger's word), record (write an event), units (who is whom, traits), timeline,
sentences, search, import_people, ledger (hold), belonging (the company of an address), companies, domains, living (who somebody is
now, for actions), following, rows (rows follow their person), about (what is known of somebody), views (filters: the conditions of a list; record: whom an address means).
"""
