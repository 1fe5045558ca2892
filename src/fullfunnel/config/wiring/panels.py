"""What rooms show on the pages of lower rooms, which include it by URL."""

# Fragments on a person's page: URL names taking (slug, public_id).
PERSON_PANELS = [
    "stages:person-stage",
    "stages:score",
    "crm:person-panel",
    "messaging:person-topics",
    "notes:panel",
    "analytics:person-funnels",
]

# Fragments on a company's page: URL names taking (slug, its number); on a deal's: (slug, public_id).
COMPANY_PANELS = ["stages:company-stage"]
DEAL_PANELS = ["stages:deal-stage"]

# Fragments on the page of settings for sales: URL names taking the slug.
SALES_PANELS = ["stages:by-score", "stages:served"]
