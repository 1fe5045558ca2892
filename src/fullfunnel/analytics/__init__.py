"""analytics: pages and API of questions; the answers come from journeys.

A kind of question has a module in kinds/, which wiring.KINDS names. Long questions go on in a thread of their own.
Others may use: views (asking, behind, frame, overview: for pages of questions of rooms above), kinds (which can be asked).
"""
