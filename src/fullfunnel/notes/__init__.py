"""notes: what members of the workspace write about a person. A small complete room: later ones copy its shape.

A note follows its person: merged, taken back, erased and told with them.
Others may use: models (read), actions.
"""
