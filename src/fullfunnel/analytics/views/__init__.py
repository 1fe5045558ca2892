"""The pages of analytics: overview, funnel builder, saved questions."""
