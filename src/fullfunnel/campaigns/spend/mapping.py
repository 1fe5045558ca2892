"""Which column of a report says what: presets of platforms' own reports and of warehouse tables, else what the names suggest."""

import re
from collections.abc import Mapping as Pairs
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

DAY, AMOUNT, CURRENCY = "day", "amount", "currency"
CAMPAIGN_ID, CAMPAIGN, GROUP, AD = "campaign_id", "campaign", "ad_group", "ad"
IMPRESSIONS, CLICKS = "impressions", "clicks"
TARGETS = {
    DAY: "Day",
    AMOUNT: "Spend",
    CURRENCY: "Currency",
    CAMPAIGN: "Campaign",
    CAMPAIGN_ID: "Campaign's id",
    GROUP: "Ad group",
    AD: "Ad",
    IMPRESSIONS: "Impressions",
    CLICKS: "Clicks",
}
NEEDED = (DAY, AMOUNT)
MICRO = 1_000_000
# Of the columns of a platform's own report; which of them it has, whoever made it chose.
LEAST_FOUND = 5


@dataclass(frozen=True)
class Mapping:
    """columns: target -> header. day_form, decimal: how a column is read, "" for whatever fits alone. scale: of one unit of money.

    currency: of rows that name none.
    """

    platform: str = ""
    columns: Pairs[str, str] = field(default_factory=dict)
    day_form: str = ""
    decimal: str = ""
    scale: int = 1
    currency: str = ""

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def read_mapping(kept: Pairs[str, Any]) -> Mapping:
    """Return a mapping that was kept; what is unknown in it is left out."""
    known = {name: kept[name] for name in Mapping.__dataclass_fields__ if name in kept}
    return Mapping(**known)


@dataclass(frozen=True)
class Preset:
    """`is_told`: it has no column of its own to be known by, so somebody says that a report is one."""

    name: str
    title: str
    mapping: Mapping
    is_told: bool = False


def _preset(name: str, title: str, platform: str, columns: str, **further: Any) -> Preset:
    """columns: "day=Date amount=Cost", blanks in headers as _ where the file has them."""
    pairs = dict(each.split("=", 1) for each in columns.split())
    return Preset(name, title, Mapping(platform, pairs, **further), is_told=platform == "reddit")


def _export(name: str, title: str, platform: str, columns: Pairs[str, str], **further: Any) -> Preset:
    return Preset(name, title, Mapping(platform, columns, **further))


PRESETS = (
    _export(
        "google_ads_export", "Google Ads: campaign report", "google_ads",
        {DAY: "Day", CAMPAIGN: "Campaign", CAMPAIGN_ID: "Campaign ID", CURRENCY: "Currency code", AMOUNT: "Cost", CLICKS: "Clicks",
         IMPRESSIONS: "Impr.", GROUP: "Ad group"},
    ),
    _export(
        "linkedin_export", "LinkedIn: campaign performance", "linkedin",
        {DAY: "Start Date (in UTC)", CAMPAIGN: "Campaign Name", CAMPAIGN_ID: "Campaign ID", CURRENCY: "Currency",
         AMOUNT: "Total Spent", CLICKS: "Clicks", IMPRESSIONS: "Impressions"},
        day_form="month-first", decimal=".",
    ),
    _export(
        "meta_export", "Meta: ads manager", "meta",
        {DAY: "Day", CAMPAIGN: "Campaign name", AMOUNT: "Amount spent", GROUP: "Ad set name", AD: "Ad name",
         IMPRESSIONS: "Impressions", CLICKS: "Link clicks"},
    ),
    _preset("google_ads_table", "Google Ads: table of a warehouse", "google_ads",
            "day=date amount=cost_micros campaign_id=campaign_id ad_group=ad_group_id ad=ad_id impressions=impressions clicks=clicks", scale=MICRO),
    _preset("google_ads_campaigns_table", "Google Ads: campaigns of a warehouse", "google_ads",
            "day=date amount=cost_micros campaign_id=id impressions=impressions clicks=clicks", scale=MICRO),
    _preset("google_ads_groups_table", "Google Ads: ad groups of a warehouse", "google_ads",
            "day=date amount=cost_micros campaign_id=campaign_id ad_group=id impressions=impressions clicks=clicks", scale=MICRO),
    _preset("meta_table", "Meta: table of a warehouse", "meta",
            "day=date amount=spend ad=ad_id impressions=impressions clicks=inline_link_clicks"),
    _preset("linkedin_table", "LinkedIn: table of a warehouse", "linkedin",
            "day=day amount=cost_in_local_currency campaign_id=campaign_id impressions=impressions clicks=clicks"),
    _preset("microsoft_table", "Microsoft Ads: table of a warehouse", "microsoft_ads",
            "day=date amount=spend currency=currency_code campaign_id=campaign_id impressions=impressions clicks=clicks"),
    _preset("pinterest_table", "Pinterest: table of a warehouse", "pinterest",
            "day=date amount=spend_in_micro_dollar campaign_id=campaign_id campaign=campaign_name impressions=impression_1 clicks=clickthrough_1",
            scale=MICRO, currency="USD"),
    _preset("reddit_table", "Reddit: table of a warehouse", "reddit",
            "day=date amount=spend campaign_id=campaign_id impressions=impressions clicks=clicks", scale=MICRO),
    _preset("snapchat_table", "Snapchat: table of a warehouse", "snapchat",
            "day=date amount=spend campaign_id=campaign_id impressions=impressions clicks=swipes", scale=MICRO),
    _preset("tiktok_table", "TikTok: table of a warehouse", "tiktok",
            "day=stat_time_hour amount=spend campaign_id=campaign_id impressions=impressions clicks=clicks"),
    _preset("x_table", "X: table of a warehouse", "x",
            "day=date amount=billed_charge_local_micro campaign_id=campaign_id impressions=impressions clicks=clicks", scale=MICRO),
    _preset("amazon_table", "Amazon Ads: table of a warehouse", "amazon_ads",
            "day=date amount=cost campaign_id=campaign_id currency=campaign_budget_currency_code impressions=impressions clicks=clicks"),
    _preset("apple_table", "Apple Search Ads: table of a warehouse", "apple_search_ads",
            "day=date amount=local_spend_amount currency=local_spend_currency campaign_id=id impressions=impressions clicks=taps"),
)  # fmt: skip
BY_NAME = {preset.name: preset for preset in PRESETS}
# Target -> how its column is called, in lower case without signs.
_NAMES: dict[str, tuple[str, ...]] = {
    DAY: (
        "day",
        "date",
        "start date",
        "reporting starts",
        "datum",
        "tag",
        "stat time day",
        "stat time hour",
        "start date in utc",
    ),
    AMOUNT: (
        "cost",
        "spend",
        "spent",
        "total spent",
        "amount spent",
        "total spend",
        "kosten",
        "betrag",
        "amount",
        "cost micros",
        "ausgegebener betrag",
    ),
    CURRENCY: ("currency", "currency code", "währung", "account currency code"),
    CAMPAIGN: ("campaign", "campaign name", "kampagne", "kampagnenname"),
    CAMPAIGN_ID: ("campaign id", "kampagnen id"),
    GROUP: ("ad group", "ad group name", "ad set name", "adgroup", "anzeigengruppe"),
    AD: ("ad", "ad name", "ad id", "creative id", "anzeige"),
    IMPRESSIONS: ("impressions", "impr", "impressionen"),
    CLICKS: ("clicks", "link clicks", "klicks", "taps", "swipes"),
}


def plain(name: str) -> str:
    """ "Amount spent (EUR)" -> "amount spent"."""
    without = re.sub(r"\(([A-Z]{3})\)", "", name)
    return " ".join(re.sub(r"[^0-9a-zäöüß]+", " ", without.lower()).split())


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the row that names the columns: the first of the next 40 with the most names that are known, else the fullest."""
    known = {name for names in _NAMES.values() for name in names}
    head = rows[:40]

    def score(row: Sequence[str]) -> tuple[int, int]:
        return sum(plain(cell) in known for cell in row), sum(map(bool, row))

    return max(range(len(head)), key=lambda at: (*score(head[at]), -at))


def suggested(header: Sequence[str]) -> tuple[str, Mapping]:
    """Return the preset that fits best, by name ("" for none), and the mapping that it, or the names of columns, suggest."""
    own = {plain(name): name for name in reversed(header) if name}
    fitting = [
        (len(found), preset) for preset in PRESETS
        if not preset.is_told and set(NEEDED) <= set(found := found_in(preset.mapping.columns, own))
        and len(found) >= (len(preset.mapping.columns) if preset.name.endswith("table") else LEAST_FOUND)
    ]  # fmt: skip
    columns = {target: own[name] for target, names in _NAMES.items() for name in reversed(names) if name in own}
    if fitting:
        preset = max(fitting, key=lambda one: one[0])[1]
        found = found_in(preset.mapping.columns, own)
        return preset.name, _with(preset.mapping, found if preset.name.endswith("table") else columns | found)
    return "", Mapping(columns=columns, scale=MICRO if "micro" in plain(columns.get(AMOUNT, "")) else 1)


def chosen(preset: str, header: Sequence[str]) -> Mapping:
    """Return a preset's mapping, with the headers as this file writes them."""
    own = {plain(name): name for name in reversed(header) if name}
    mapping = BY_NAME[preset].mapping
    return _with(mapping, found_in(mapping.columns, own))


def found_in(columns: Pairs[str, str], own: Pairs[str, str]) -> dict[str, str]:
    return {target: own[plain(name)] for target, name in columns.items() if plain(name) in own}


def _with(mapping: Mapping, columns: Pairs[str, str]) -> Mapping:
    return Mapping(**{**vars(mapping), "columns": dict(columns)})
