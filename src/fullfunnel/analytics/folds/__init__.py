"""Folds over journeys: one question about order, one file, one small kernel."""
