"""Attribution models as pure functions: which touch earned how much of a conversion. Source: shared/reference/attribution.md."""
