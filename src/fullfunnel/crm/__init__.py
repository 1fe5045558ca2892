"""crm: what salespeople work on: hand-overs, deals in pipelines, activities, tasks.

Actions write rows and event in one transaction; what another program keeps follows its events.
Others may use: models (read), actions, reading (queries that an index answers), pipelines, reasons, said, ledger,
assigning, promises.
"""
