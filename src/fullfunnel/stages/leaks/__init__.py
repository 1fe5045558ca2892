"""Leaks of a workspace: looked for in the background, kept as rows, given to somebody, watched until they are mended."""
