"""The vocabulary of the stream: `noun_verbed`, snake case. Names of Segment's spec map onto it; any other name is kept as sent."""

import re

# Names that fullfunnel itself writes or gives.
PAGE_VIEWED = "page_viewed"
SCREEN_VIEWED = "screen_viewed"
PERSON_IDENTIFIED = "person_identified"
COMPANY_IDENTIFIED = "company_identified"
IDENTITIES_ALIASED = "identities_aliased"
TRAIT_CHANGED = "trait_changed"
CONSENT_CHANGED = "consent_changed"
PEOPLE_MERGED = "people_merged"
PEOPLE_UNMERGED = "people_unmerged"
NOTE_ADDED = "note_added"
NOTE_REMOVED = "note_removed"
LEAD_HANDED_OVER = "lead_handed_over"
LEAD_ACCEPTED = "lead_accepted"
LEAD_REJECTED = "lead_rejected"
LEAD_RECYCLED = "lead_recycled"
LEAD_AGED_OUT = "lead_aged_out"
LEAD_REOPENED = "lead_reopened"
DEAL_CREATED = "deal_created"
DEAL_STAGE_CHANGED = "deal_stage_changed"
DEAL_CHANGED = "deal_changed"
FORM_VIEWED = "form_viewed"
FORM_STARTED = "form_started"
FORM_FIELD_ABANDONED = "form_field_abandoned"
FORM_SUBMITTED = "form_submitted"
DEAL_WON = "deal_won"
DEAL_LOST = "deal_lost"
DEAL_REOPENED = "deal_reopened"
DEAL_TAKEN_BACK = "deal_taken_back"
DEAL_CONTACT_ADDED = "deal_contact_added"
DEAL_CONTACT_REMOVED = "deal_contact_removed"
ACTIVITY_LOGGED = "activity_logged"
ACTIVITY_TAKEN_BACK = "activity_taken_back"
STAGE_ENTERED = "stage_entered"
STAGE_RULES_ADOPTED = "stage_rules_adopted"
REFERENCE_AGREED = "reference_agreed"
REFERRAL_CONVERTED = "referral_converted"
REVIEW_SUBMITTED = "review_submitted"
NEWSLETTER_CONFIRMED = "newsletter_confirmed"
UNSUBSCRIBED = "unsubscribed"

# Said about somebody, not done by them: no visit, no step of a path, no return.
NOTED = frozenset({PERSON_IDENTIFIED, COMPANY_IDENTIFIED, IDENTITIES_ALIASED})
# What only fullfunnel may say: questions and rules believe these, so no client can send them as an event. Every name that
# our own actions record is in it, or begins as OF_SALES (tests/test_own_events.py).
RESERVED = NOTED | {TRAIT_CHANGED, CONSENT_CHANGED, PEOPLE_MERGED, PEOPLE_UNMERGED, NOTE_ADDED, NOTE_REMOVED}
# What our own forms tell in a visitor's name, through a web source: believed as little as a browser that says the same.
OF_FORMS = frozenset({FORM_VIEWED, FORM_STARTED, FORM_FIELD_ABANDONED, FORM_SUBMITTED})
# What one of us may note for somebody, and what a shop's own pages tell of them as well: both weigh the same.
OF_ADVOCATES = frozenset({REFERRAL_CONVERTED, REVIEW_SUBMITTED, REFERENCE_AGREED})
# What people say by the links of our mails, and other tools of theirs tell as well: both weigh the same.
OF_MAIL = frozenset({NEWSLETTER_CONFIRMED, UNSUBSCRIBED})
MAX_NAME_LENGTH = 200
# How the names begin that stages, hand-overs and mails are counted by. A public key may not say them (docs/adr/0101).
OF_SALES = ("lead_", "deal_", "activity_", "stage_", "email_")

# What Segment's spec names, by chapter, and our own additions in its style.
SPEC = {
    "ecommerce": """
        Products Searched, Product List Viewed, Product List Filtered, Promotion Viewed, Promotion Clicked,
        Product Clicked, Product Viewed, Product Added, Product Removed, Cart Viewed, Checkout Started,
        Checkout Step Viewed, Checkout Step Completed, Payment Info Entered, Order Updated, Order Completed,
        Order Refunded, Order Cancelled, Coupon Entered, Coupon Applied, Coupon Denied, Coupon Removed,
        Product Added to Wishlist, Product Removed from Wishlist, Wishlist Product Added to Cart, Product Shared,
        Cart Shared, Product Reviewed""",
    "b2b": """
        Account Created, Account Deleted, Signed Up, Signed In, Signed Out, Invite Sent, Account Added User,
        Account Removed User, Trial Started, Trial Ended""",
    "email": """
        Email Delivered, Email Opened, Email Link Clicked, Email Bounced, Email Marked as Spam, Unsubscribed""",
    "mobile": """
        Application Installed, Application Opened, Application Backgrounded, Application Foregrounded,
        Application Updated, Application Uninstalled, Application Crashed, Install Attributed,
        Push Notification Received, Push Notification Tapped, Push Notification Bounced, Deep Link Opened,
        Deep Link Clicked""",
    "experiments": "Experiment Viewed",
    "fullfunnel": """
        Form Viewed, Form Started, Form Field Abandoned, Form Submitted, Lead Captured, Webinar Registered,
        Webinar Attended, Webinar No-Show, Lead Qualified, Lead Accepted, Lead Rejected, Lead Recycled, Deal Created,
        Deal Stage Changed, Deal Won, Deal Lost, Activity Logged, In-App Message Shown, In-App Message Clicked,
        In-App Message Dismissed, Review Submitted, Referral Sent, Referral Converted, NPS Submitted,
        Subscription Renewed, Subscription Upgraded, Subscription Downgraded, Subscription Churned, Goal Target Set,
        Goal Target Missed""",
}


# Names that Segment's spec has no spelling for.
FURTHER = frozenset(
    "reference_agreed guide_downloaded newsletter_confirmed product_used subscription_started calculator_started "
    "calculator_finished bill_uploaded".split()
)


def _snake(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())


_CANONICAL = {name: _snake(name) for chapter in SPEC.values() for name in (part.strip() for part in chapter.split(","))}


def canonical(name: str) -> str:
    """The stream's name for what a client calls `name`: `Order Completed` is `order_completed`; others stay as they are."""
    return _CANONICAL.get(name, name)


def is_about_sales(name: str) -> bool:
    """Return whether an event of this name, as the stream spells it, is for servers, files and fullfunnel itself to say."""
    return name.startswith(OF_SALES)


# What our own sellers' actions record; a server or a file may say it too.
SALES = frozenset({
    LEAD_HANDED_OVER, LEAD_ACCEPTED, LEAD_REJECTED, LEAD_RECYCLED, LEAD_AGED_OUT, LEAD_REOPENED,
    DEAL_CREATED, DEAL_STAGE_CHANGED, DEAL_CHANGED, DEAL_WON, DEAL_LOST, DEAL_REOPENED, DEAL_TAKEN_BACK,
    DEAL_CONTACT_ADDED, DEAL_CONTACT_REMOVED, ACTIVITY_LOGGED, ACTIVITY_TAKEN_BACK, STAGE_ENTERED,
    STAGE_RULES_ADOPTED,
})  # fmt: skip
# Every name that this program gives, knows or sends.
KNOWN = frozenset(_CANONICAL.values()) | FURTHER | RESERVED | SALES | {PAGE_VIEWED, SCREEN_VIEWED}
