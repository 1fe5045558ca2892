"""Touches: what a page's address and its referrer say about how somebody came (reference: utm-and-click-ids)."""

import re
from functools import lru_cache
from typing import NamedTuple

import tldextract

from fullfunnel.capture.origins.addresses import read_address
from fullfunnel.capture.origins.referrers import APPS, earns_nothing, is_same_network, source_of_host, source_of_name

LONGEST_VALUE = 500
NOT_SET, DIRECT, NONE = "(not set)", "(direct)", "(none)"

# Careful: without this, tldextract asks the network for a fresh list.
_split_domain = lru_cache(maxsize=10_000)(tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None))

_UTM = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "campaign",
    "utm_term": "term",
    "utm_content": "content",
    "mtm_source": "source",
    "mtm_medium": "medium",
    "mtm_campaign": "campaign",
    "mtm_keyword": "term",
    "mtm_kwd": "term",
    "mtm_content": "content",
    "pk_source": "source",
    "pk_medium": "medium",
    "pk_campaign": "campaign",
    "pk_kwd": "term",
    "pk_keyword": "term",
    "pk_content": "content",
}
# Kept as properties where they stand in an address.
_KEPT = {"utm_id": "utm_id", "utm_campaign_id": "utm_id", "mtm_cid": "utm_id"} | {
    name: name
    for name in ("utm_source_platform", "utm_creative_format", "utm_marketing_tactic", "gad_source", "gad_campaignid")
}
# Click ids in order of rank, with the source and medium they stand for. fbclid is on organic links as well.
CLICK_IDS = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "gad_source": ("google", "cpc"),
    "dclid": ("google", "display"),
    "msclkid": ("bing", "cpc"),
    "li_fat_id": ("linkedin", "cpc"),
    "ttclid": ("tiktok", "cpc"),
    "twclid": ("twitter", "cpc"),
    "rdt_cid": ("reddit", "cpc"),
    "epik": ("pinterest", "cpc"),
    "sccid": ("snapchat", "cpc"),
    "sclid": ("snapchat", "cpc"),
    "qclid": ("quora", "cpc"),
    "obclid": ("outbrain", "cpc"),
    "tblci": ("taboola", "cpc"),
    "crto_pid": ("criteo", "cpc"),
    "yclid": ("yandex", "cpc"),
    "ymclid": ("yandex", "cpc"),
    "irclickid": ("impact", "affiliate"),
    "irclid": ("impact", "affiliate"),
    "cjevent": ("cj", "affiliate"),
    "awc": ("awin", "affiliate"),
    "sscid": ("shareasale", "affiliate"),
    "ranmid": ("rakuten", "affiliate"),
    "mc_cid": ("mailchimp", "email"),
    "mc_eid": ("mailchimp", "email"),
    "_kx": ("klaviyo", "email"),
    "_hsenc": ("hubspot", "email"),
    "_hsmi": ("hubspot", "email"),
    "mkt_tok": ("marketo", "email"),
    "vero_id": ("vero", "email"),
    "oly_enc_id": ("omeda", "email"),
    "srsltid": ("google", "organic shopping"),
    "ysclid": ("yandex", "organic"),
    "fbclid": ("facebook", "social"),
    "igshid": ("instagram", "social"),
    "igsh": ("instagram", "social"),
}
# These name a person (or link two sites' cookies): they are never kept.
PERSONAL = ("mc_eid", "_kx", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_enc_id", "oly_anon_id", "_gl", "_ga")
_CLICK_VALUE = re.compile(r"[A-Za-z0-9._~-]{1,512}")
_STRIP = re.compile(rf"(?:(?<=[?&#;])|^)(?:{'|'.join(PERSONAL)})=[^&#;]*[&;]?", re.IGNORECASE)

_ENGINES = {"google", "bing", "duckduckgo", "yahoo", "yandex", "baidu", "ecosia", "qwant", "naver", "daum", "seznam"} | {
    "sogou", "ask", "aol", "lycos", "rambler", "startpage", "brave", "kagi", "ya"
}  # fmt: skip
_SEARCH_PARTS = {"www", "m", "search", "images", "lens", "news", "wap", "suche", "lite", "html", "cse", "malaysia"}


class Touch(NamedTuple):
    """What an address and a referrer say. Empty text: unknown. `kept` are click ids and further campaign parameters."""

    path: str = ""
    referrer_host: str = ""
    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    kept: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=8_192)
def touch_of(
    url: str, referrer: str | None, own: tuple[tuple[str, str], ...] = (), uncredited: tuple[str, ...] = ()
) -> Touch:
    """The touch of a page at `url`, reached from `referrer` (None: the client does not say; "": from nowhere).

    `own` are campaign values that the client named itself: they go before those of the address. `uncredited` are hosts of
    the workspace that, like those where one pays or signs in, nobody came from: the visit goes on.
    """
    host, path, parameters = read_address(url)
    values, kept, clicks = _read_parameters(parameters)
    values.update(own)
    if source := values.get("source"):
        values["source"] = search_engine(source.lower()) or source_of_name(source)
    if medium := values.get("medium"):
        values["medium"] = medium.lower()
    from_host = read_address(referrer).host if referrer else ""
    goes_on = bool(from_host and host) and registrable(from_host) == registrable(host)
    if goes_on or earns_nothing(from_host, uncredited):
        from_host, goes_on = "", True
    source, medium = _origin(values, clicks, from_host)
    if not source and host and referrer is not None and not goes_on:
        source, medium = DIRECT, NONE
    named = (values.get("campaign", ""), values.get("term", ""), values.get("content", ""))
    return Touch(path, from_host.removeprefix("www."), source, medium, *named, tuple(kept.items()))


def _origin(values: dict[str, str], clicks: list[tuple[str, str]], from_host: str) -> tuple[str, str]:
    """(source, medium). `clicks`: what the click ids stand for, by rank."""
    if values.get("source") or values.get("medium") or values.get("campaign"):
        first = clicks[0] if clicks else (NOT_SET, NOT_SET)
        source = values.get("source") or first[0]
        # A click id says how somebody came only where it is the named network's own.
        medium = next((of_click for network, of_click in clicks if is_same_network(source, network)), NOT_SET)
        return source, values.get("medium") or medium
    if clicks:
        return clicks[0]
    if not from_host:
        return "", ""
    if from_host in APPS:
        return APPS[from_host]
    if engine := search_engine(from_host):
        return engine, "organic"
    return source_of_host(from_host), "referral"


def _read_parameters(
    parameters: tuple[tuple[str, str], ...],
) -> tuple[dict[str, str], dict[str, str], list[tuple[str, str]]]:
    """Campaign values, what else is kept, and what the click ids stand for, the best first."""
    values: dict[str, str] = {}
    kept: dict[str, str] = {}
    found = set()
    for raw, value in parameters:
        name = raw.lower()
        if name in _UTM:
            if text := value.strip()[:LONGEST_VALUE]:
                values.setdefault(_UTM[name], text)
            continue
        if name in CLICK_IDS and _CLICK_VALUE.fullmatch(value):
            found.add(name)
            if name not in PERSONAL:
                kept.setdefault(name, value)
        elif name in _KEPT:
            kept.setdefault(_KEPT[name], value.strip()[:LONGEST_VALUE])
    return values, kept, [pair for name, pair in CLICK_IDS.items() if name in found]


def registrable(host: str) -> str:
    """The domain that somebody registered (`shop.example.co.uk` → `example.co.uk`); the host itself where there is none."""
    found = _split_domain(host)
    if found.suffix or found.ipv4 or found.ipv6:
        return found.top_domain_under_public_suffix or host
    return ".".join(host.split(".")[-2:])


@lru_cache(maxsize=10_000)
def search_engine(host: str) -> str | None:
    """The search engine at `host`: `www.google.de` → google; None for its mail, documents and maps."""
    found = _split_domain(host)
    if found.domain not in _ENGINES or not found.suffix:
        return None
    parts = found.subdomain.split(".") if found.subdomain else []
    if all(part in _SEARCH_PARTS or len(part) == 2 for part in parts):
        return "yandex" if found.domain == "ya" else found.domain
    return None


def without_personal_ids(url: str) -> str:
    """The address without click ids that name a person."""
    if "=" not in url:
        return url
    cut = _STRIP.sub("", url)
    return cut.replace("&#", "#").replace("?#", "#").rstrip("?&") if cut != url else url
