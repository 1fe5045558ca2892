"""What the folds of several kinds of questions share: events gathered out of slices, units, sessions, names."""
