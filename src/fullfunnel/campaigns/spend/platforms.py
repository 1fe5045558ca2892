"""The platforms that report spend, and the channel that theirs is until a campaign says another."""

from typing import NamedTuple


class Platform(NamedTuple):
    name: str
    title: str
    channel: str


PLATFORMS = {
    each.name: each
    for each in (
        Platform("google_ads", "Google Ads", "Paid Search"),
        Platform("linkedin", "LinkedIn", "Paid Social"),
        Platform("meta", "Meta", "Paid Social"),
        Platform("microsoft_ads", "Microsoft Ads", "Paid Search"),
        Platform("tiktok", "TikTok", "Paid Social"),
        Platform("pinterest", "Pinterest", "Paid Social"),
        Platform("reddit", "Reddit", "Paid Social"),
        Platform("snapchat", "Snapchat", "Paid Social"),
        Platform("x", "X", "Paid Social"),
        Platform("amazon_ads", "Amazon Ads", "Paid Shopping"),
        Platform("apple_search_ads", "Apple Search Ads", "Paid Search"),
        Platform("other", "Other", ""),
    )
}


def title_of(platform: str) -> str:
    return PLATFORMS[platform].title if platform in PLATFORMS else platform
