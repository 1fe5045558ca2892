"""The demo's two other firms: a shop without sellers, and an installer who sells to households. Smaller than Halden.

Modules: truth (their numbers), browser (one visitor's calls), shop, solar (their stories), firms (their workspaces), telling.
"""
