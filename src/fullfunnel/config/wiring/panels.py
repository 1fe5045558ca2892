"""What rooms show on the pages of lower rooms, which include it by URL."""

# Fragments on a person's page: URL names taking (slug, public_id).
PERSON_PANELS = ["stages:score", "crm:person-panel", "notes:panel", "analytics:person-funnels"]

# Fragments on the page of settings for sales: URL names taking the slug.
SALES_PANELS = ["stages:by-score", "stages:served"]
