"""Why a unit stands where it stands in a funnel: the fold says where, plain Python says why, and the fold is asked again what would have changed it."""
