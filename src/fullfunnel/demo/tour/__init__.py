"""The first five minutes with the demo: cards over the pages that they are about, each with its number as it is now.

Modules: stops (where the cards stand and what they say), facts (the numbers), views.
"""
