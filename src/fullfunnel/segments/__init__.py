"""segments: groups of people, and the workspace as a dataset that questions are asked of.

The lowest room that sees both people and journeys.
Others may use: dataset, touches (of a few people), selling (whose own addresses), who (people, by the wiring).
"""
