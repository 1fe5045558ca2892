"""An event as a sentence: "Viewed /pricing · Google Ads". Pure."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from fullfunnel.core.numbers import money

# What Merge.cause says, beside "event".
MERGE_CAUSES = {"user": "a user decided so", "server key": "a server said so", "import": "an imported row named both"}
Texts = Mapping[str, str]
PAID = ("cpc", "ppc", "paid", "cpm", "display", "paid_social", "paidsocial", "paidsearch", "retargeting")
# The property that says best what an event was about, likeliest first.
TELLING = (
    "form",
    "form_name",
    "product",
    "product_name",
    "webinar",
    "name",
    "title",
    "subject",
    "plan",
    "label",
    "to",
    "reason",
)
BRANDS = {
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "chatgpt.com": "ChatGPT",
    "github": "GitHub",
}


def sentence_of(name: str, columns: Texts, properties: Texts) -> str:
    """One line that a seller understands; what came with the event stands behind a middle dot."""
    own = OWN.get(name)
    words = own(columns, properties) if own else _plain(name, properties)
    behind = [part for part in (_money(columns), came_from(columns)) if part]
    return " · ".join([words, *behind])


def came_from(columns: Texts) -> str:
    """ "Google Ads" for source google and medium cpc; "" for a direct visit."""
    source = columns.get("source", "")
    if not source or source in ("(direct)", "direct"):
        return ""
    brand = BRANDS.get(source.lower()) or (source[:1].upper() + source[1:])
    paid = columns.get("medium", "").lower() in PAID or columns.get("channel", "").lower().startswith("paid")
    return f"{brand} Ads" if paid else brand


def _money(columns: Texts) -> str:
    try:
        amount = Decimal(columns["revenue"])
    except (KeyError, InvalidOperation):
        return ""
    return money(amount, columns.get("currency", ""))


def _plain(name: str, properties: Texts) -> str:
    about = next((properties[key] for key in TELLING if properties.get(key)), "")
    return name_words(name) + (f": {about[:120]}" if about else "")


def name_words(name: str) -> str:
    """ "Page viewed" for page_viewed."""
    words = name.replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}"


def _viewed(columns: Texts, properties: Texts) -> str:
    return f"Viewed {columns.get('path') or properties.get('title') or properties.get('name') or 'a page'}"


def _trait(columns: Texts, properties: Texts) -> str:
    trait, old, new = (properties.get(key, "") for key in ("trait", "old", "new"))
    if not new:
        return f"{trait} was taken away (it was {old})"
    return f"{trait} changed from {old} to {new}" if old else f"{trait} became known: {new}"


def _consent(columns: Texts, properties: Texts) -> str:
    word = "Agreed to" if properties.get("given") == "true" else "Refused"
    source = properties.get("source")
    return f"{word} {properties.get('purpose', '')}" + (f" ({source})" if source else "")


def _merged(columns: Texts, properties: Texts) -> str:
    return f"Became one with another record: {MERGE_CAUSES.get(properties.get('cause', ''), 'an event named both')}"


def _moved(columns: Texts, properties: Texts) -> str:
    return f"Deal moved to {properties.get('to') or properties.get('stage', 'another stage')}"


def _because(words: str) -> Callable[[Texts, Texts], str]:
    return lambda _, p: words + (f": {p['reason']}" if p.get("reason") else "")


OWN: dict[str, Callable[[Texts, Texts], str]] = {
    "page_viewed": _viewed,
    "screen_viewed": lambda _, p: f"Opened the screen {p.get('name', '')}".strip(),
    "person_identified": lambda _, __: "Said who they are",
    "company_identified": lambda _, __: "Was linked to a company",
    "identities_aliased": lambda _, __: "Was recognised under another identifier",
    "trait_changed": _trait,
    "consent_changed": _consent,
    "people_merged": _merged,
    "lead_handed_over": lambda _, p: "Was handed to sales" + (f" by {p['via']}" if p.get("via") else ""),
    "lead_accepted": lambda _, __: "Sales accepted",
    "lead_rejected": _because("Sales rejected"),
    "lead_recycled": lambda _, __: "Sales gave back to marketing",
    "lead_aged_out": lambda _, __: "Nobody in sales answered in time",
    "lead_reopened": lambda _, __: "Waits for sales again",
    "deal_created": lambda _, __: "Deal opened",
    "deal_stage_changed": _moved,
    "deal_changed": lambda _, p: f"Deal changed: {p.get('changed', '').replace(',', ', ').replace('_', ' ')}".rstrip(
        ": "
    ),
    "deal_won": lambda _, __: "Deal won",
    "deal_lost": _because("Deal lost"),
    "deal_reopened": lambda _, __: "Deal reopened",
    "deal_taken_back": lambda _, __: "Deal taken back",
    "deal_contact_added": lambda _, p: "Has a part in a deal" + (f": {p['role']}" if p.get("role") else ""),
    "deal_contact_removed": lambda _, __: "Has no part in a deal any more",
    "newsletter_confirmed": lambda _, p: "Confirmed by mail" + (f": {p['list']}" if p.get("list") else ""),
    "unsubscribed": lambda _, p: "Unsubscribed" + ("" if p.get("topic") in (None, "*") else f" from {p['topic']}"),
    "reference_agreed": lambda _, __: "Agreed to be a reference",
    "referral_converted": lambda _, __: "Referred somebody to us",
    "review_submitted": lambda _, p: "Gave a review" + (f" of {p['rating']} of 5" if p.get("rating") else ""),
    "activity_taken_back": lambda _, __: "What was logged is taken back",
    "stage_rules_adopted": lambda _, p: f"Version {p.get('rules', '?')} of the rules of the funnels adopted",
    "stage_entered": lambda _, p: (
        f"Entered the stage {p.get('stage', '').replace('_', ' ')}" + (f" by {p['by']}" if p.get("by") else "")
    ),
    "people_unmerged": lambda _, __: "Was separated again from a record merged before",
}
