"""workspaces: who uses fullfunnel: users, workspaces, roles, keys, audit.

Every row of every room belongs to a workspace; `scope` says who may see what.
Others may use: models (read), roles, scope (decorators and requests), actions, audit, keys, rest (operations of the API), shell (errors),
team (calendars, hooks), exchange (rates), wording (own), sight (who sees what).
"""
