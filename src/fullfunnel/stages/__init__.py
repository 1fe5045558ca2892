"""stages: the two funnels on one page, and what the rules of stages need to know of a workspace.

The rules, and the fold that counts them, are the engine's (journeys/stages). Here are the kinds of pages, the score of a person,
and the pages.
Others may use: page_kinds (segments, by the wiring).
"""
