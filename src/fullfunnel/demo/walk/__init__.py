"""Walk me through: a visitor of the demo becomes a test lead, crosses both funnels, and vanishes.

The browser sends the calls of a small site of Halden through the door that every site uses; sales acts by the room's own actions.
Modules: walker (who walks, kept in the browser's session), way (how far they came), steps (the list of eight), acts (what the
sellers do), vanish, views.
"""
