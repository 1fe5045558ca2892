"""Channels: which kind of traffic a touch was, from its source, medium and campaign.

`ga4_channel` is Google Analytics' default group to the letter (what fills the column `channel`, docs/adr/0042);
`fullfunnel_channel` adds what that group does not know: assistants, sales outreach, webinars, partners …
"""

import re
from functools import lru_cache
from pathlib import Path

SEARCH, SHOPPING, SOCIAL, VIDEO = "search", "shopping", "social", "video"

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOP = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_DISPLAY = {"display", "banner", "expandable", "interstitial", "cpm"}
_SOCIAL = {"social", "social-network", "social-media", "sm", "social network", "social media"}
_REFERRAL = {"referral", "app", "link"}
_EMAIL = {"email", "e-mail", "e_mail", "e mail"}
_UNSET = {"", "(not set)", "(none)"}
_PAID_BY_CATEGORY = {SEARCH: "Paid Search", SOCIAL: "Paid Social", VIDEO: "Paid Video"}

# What Google's published list lacks.
_FURTHER = {
    SEARCH: "google.com bing.com duckduckgo.com brave brave.com search.brave.com startpage startpage.com kagi kagi.com",
    SOCIAL: "x x.com threads threads.net threads.com bsky.app bluesky mastodon mastodon.social mastodon.online"
    " fosstodon.org hachyderm.io discord discord.com discord.gg",
}
_ASSISTANTS = set(
    "chatgpt chatgpt.com chat.openai.com openai openai.com perplexity perplexity.ai claude claude.ai gemini"
    " gemini.google.com copilot copilot.microsoft.com copilot.com you.com poe.com grok grok.com meta.ai"
    " chat.mistral.ai chat.deepseek.com deepseek phind.com".split()
)
_REVIEW_SITES = set(
    "g2 g2.com capterra capterra.com trustpilot trustpilot.com trustradius.com getapp.com softwareadvice.com"
    " gartner.com omr.com".split()
)
_BY_MEDIUM = {
    "Sales outreach": "sales sequence outreach sales-outreach sdr bdr",
    "Lead-gen form": "leadgen lead-gen lead_gen lead-gen-form leadgen-form lead-ad lead-ads",
    "Webinar/Event": "webinar webinars event events tradeshow conference",
    "Referral programme": "referral-programme referral-program referral_program refer-a-friend invite",
    "Partner": "partner partners reseller co-marketing",
}
_OWN_MEDIUMS = {medium: channel for channel, mediums in _BY_MEDIUM.items() for medium in mediums.split()}


def _read_categories() -> dict[str, str]:
    """Google's list of sources: [category], then names between commas."""
    found: dict[str, str] = {}
    category = ""
    for line in (Path(__file__).parent / "source_categories.txt").read_text().splitlines():
        if line.startswith("["):
            category = line.strip("[]")
            continue
        found |= {name.strip(): category for name in line.split(",") if name.strip()}
    return found


CATEGORIES = _read_categories()
_ALL_CATEGORIES = CATEGORIES | {name: category for category, names in _FURTHER.items() for name in names.split()}


@lru_cache(maxsize=20_000)
def ga4_channel(source: str, medium: str, campaign: str = "") -> str:
    """GA4's default channel. Case does not matter; "" is a missing value. The first rule that fits wins."""
    source, medium, campaign = source.strip().lower(), medium.strip().lower(), campaign.strip().lower()
    return _channel(source, medium, campaign, CATEGORIES.get(source))


@lru_cache(maxsize=20_000)
def fullfunnel_channel(source: str, medium: str, campaign: str = "") -> str:
    """Our own group: GA4's, with seven more channels and the sources that Google's list lacks."""
    source, medium, campaign = source.strip().lower(), medium.strip().lower(), campaign.strip().lower()
    if medium in _OWN_MEDIUMS:
        return _OWN_MEDIUMS[medium]
    if not _PAID.match(medium):
        if source in _ASSISTANTS:
            return "AI Assistant"
        if source in _REVIEW_SITES:
            return "Review site"
    return _channel(source, medium, campaign, _ALL_CATEGORIES.get(source))


def _channel(source: str, medium: str, campaign: str, category: str | None) -> str:
    if source in ("(direct)", "") and medium in _UNSET and (source or not campaign):
        return "Direct"
    if "cross-network" in campaign:
        return "Cross-network"
    shopping = category == SHOPPING or bool(_SHOP.match(campaign))
    if _PAID.match(medium):
        return _paid(medium, category, shopping)
    if medium in _DISPLAY:
        return "Display"
    return "Organic Shopping" if shopping else _unpaid(source, medium, category)


def _paid(medium: str, category: str | None, shopping: bool) -> str:
    if shopping:
        return "Paid Shopping"
    if category in _PAID_BY_CATEGORY:
        return _PAID_BY_CATEGORY[category]
    return "Display" if medium in _DISPLAY else "Paid Other"


def _unpaid(source: str, medium: str, category: str | None) -> str:
    if category == SOCIAL or medium in _SOCIAL:
        return "Organic Social"
    if category == VIDEO or "video" in medium:
        return "Organic Video"
    if category == SEARCH or medium == "organic":
        return "Organic Search"
    if medium in _REFERRAL:
        return "Referral"
    if source in _EMAIL or medium in _EMAIL:
        return "Email"
    if medium in ("affiliate", "audio"):
        return "Affiliates" if medium == "affiliate" else "Audio"
    if "sms" in (source, medium):
        return "SMS"
    push = medium.endswith("push") or "mobile" in medium or "notification" in medium or source == "firebase"
    return "Mobile Push Notifications" if push else "Unassigned"
