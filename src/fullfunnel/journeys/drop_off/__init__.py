"""Drop-off: what separates those who reached a step from those who were lost before it."""
