"""Reports of what platforms took: a file becomes cells, cells become lines by a mapping, lines are matched to campaigns. All pure."""
