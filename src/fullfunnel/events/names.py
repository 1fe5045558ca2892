"""The vocabulary of the stream: `noun_verbed`, snake case. Names of Segment's spec map onto it; any other name is kept as sent."""

# Names that fullfunnel itself writes or gives.
PAGE_VIEWED = "page_viewed"
SCREEN_VIEWED = "screen_viewed"
PERSON_IDENTIFIED = "person_identified"
COMPANY_IDENTIFIED = "company_identified"
IDENTITIES_ALIASED = "identities_aliased"
TRAIT_CHANGED = "trait_changed"
CONSENT_CHANGED = "consent_changed"
