"""Channels: GA4's rules on the published vectors (the suite of dbt-ga4: tests/cases/channels_ga4.py), and what our own group adds."""

import os
from pathlib import Path

import pytest

from fullfunnel.capture.channels import CATEGORIES, fullfunnel_channel, ga4_channel

SHARED = Path(os.environ.get("FULLFUNNEL_SHARED", Path(__file__).resolve().parents[5] / "shared"))

# source | medium | campaign | GA4's channel: the golden vectors of reference/channel-grouping.md.
GOLDEN = """
google|organic||Organic Search
google|cpc|brand|Paid Search
google|cpc|spring-shop|Paid Shopping
google|cpc|workshop-2026|Paid Search
google|cpc|eshop-de|Paid Shopping
google|organic|shop-spring|Organic Shopping
facebook.com|referral||Organic Social
m.facebook.com|cpc||Paid Social
facebook|cpm||Paid Social
unknown-dsp|cpm||Display
unknown-net|cpa||Paid Other
linkedin|paid-social|q3|Paid Social
linkedin.com|referral||Organic Social
spotify|audio||Audio
t.co|referral||Organic Social
reddit.com|referral||Organic Social
youtube.com|referral||Organic Video
youtube|cpv|promo|Paid Video
newsletter|Email||Email
bing|(not set)||Organic Search
(direct)|(none)||Direct
partner.example|affiliate||Affiliates
sms|||SMS
x|web-push||Mobile Push Notifications
firebase|||Mobile Push Notifications
blog.example|referral||Referral
chatgpt.com|referral||Referral
chatgpt.com|(not set)||Unassigned
google|cpc|cross-network-brand|Cross-network
alibaba|||Organic Shopping
google.com|referral||Referral
x.com|referral||Referral
"""


@pytest.mark.parametrize("line", GOLDEN.split("\n")[1:-1])
def test_the_golden_vectors(line):
    source, medium, campaign, channel = line.split("|")
    assert ga4_channel(source, medium, campaign) == channel


def test_the_list_of_sources_is_the_published_one():
    counts = {name: list(CATEGORIES.values()).count(name) for name in ("search", "shopping", "social", "video")}
    assert counts == {"search": 129, "shopping": 52, "social": 592, "video": 46}
    path = SHARED / "reference" / "ga4_source_categories.tsv"
    if path.exists():
        rows = [line.split("\t") for line in path.read_text().splitlines()[1:]]
        assert {source.lower(): name.removeprefix("SOURCE_CATEGORY_").lower() for source, name in rows} == CATEGORIES


@pytest.mark.parametrize(
    ("source", "medium", "channel"),
    [
        ("chatgpt.com", "referral", "AI Assistant"),
        ("Perplexity.ai", "(not set)", "AI Assistant"),
        ("chatgpt.com", "cpc", "Paid Other"),
        ("x.com", "referral", "Organic Social"),
        ("x.com", "cpc", "Paid Social"),
        ("bsky.app", "referral", "Organic Social"),
        ("google.com", "referral", "Organic Search"),
        ("g2.com", "referral", "Review site"),
        ("trustpilot.com", "referral", "Review site"),
        ("bob", "sequence", "Sales outreach"),
        ("linkedin", "lead-gen", "Lead-gen form"),
        ("zoom", "webinar", "Webinar/Event"),
        ("acme", "partner", "Partner"),
        ("ada", "refer-a-friend", "Referral programme"),
        ("google", "organic", "Organic Search"),
        ("(direct)", "(none)", "Direct"),
        ("newsletter", "email", "Email"),
    ],
)
def test_our_own_group_knows_more_and_agrees_otherwise(source, medium, channel):
    assert fullfunnel_channel(source, medium) == channel
