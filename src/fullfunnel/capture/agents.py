"""Agents: what a user agent says about the device, and whether a person sits there."""

import re
from functools import lru_cache
from typing import NamedTuple

import crawleruseragents
import ua_parser

LONGEST = 500
_TV = re.compile(
    r"smart-?tv|smarttv|googletv|appletv|apple tv|hbbtv|netcast|web0s|webos|bravia|roku|\baft[a-z]|tizen.*tv|\btv\b",
    re.I,
)
_CONSOLE = re.compile(r"playstation|xbox|nintendo", re.I)
_TABLET = re.compile(r"ipad|tablet|kindle|silk/|playbook|nexus (?:7|9|10)\b", re.I)
_MOBILE = re.compile(r"mobi|iphone|ipod|windows phone|opera mini|android", re.I)
_DESKTOP = re.compile(r"windows nt|macintosh|x11|linux x86_64|cros ", re.I)
# Programs that send on somebody's behalf are no crawlers: their user agent says nothing about the person.
_PROGRAM = re.compile(
    r"^(?:analytics-|curl|wget|python|aiohttp|httpx|go-http-client|okhttp|axios|node|undici|got\b|java|ruby|faraday"
    r"|php|guzzle|perl|lua|dart|rust|reqwest|postmanruntime|insomnia|apache-httpclient|segment|rudder|libwww|wrk)",
    re.I,
)


class Agent(NamedTuple):
    """device: mobile, tablet, desktop, tv, console or ""; os and browser by family; bot: its name, or ""."""

    device: str = ""
    os: str = ""
    browser: str = ""
    bot: str = ""


NOBODY = Agent()


@lru_cache(maxsize=10_000)
def agent_of(user_agent: str) -> Agent:
    """What `user_agent` (at most LONGEST of it) says; nothing for a program that sends on somebody's behalf."""
    if not user_agent or _PROGRAM.match(user_agent):
        return NOBODY
    if bot := bot_name(user_agent):
        return Agent(bot=bot)
    found = ua_parser.parse(user_agent)
    return Agent(
        device=device_of(user_agent),
        os=found.os.family if found.os else "",
        browser=found.user_agent.family if found.user_agent else "",
    )


def bot_name(user_agent: str) -> str:
    """The crawler's name where it is one, else ""."""
    if not crawleruseragents.is_crawler(user_agent):
        return ""
    for entry in crawleruseragents.CRAWLER_USER_AGENTS_DATA:
        if found := re.search(entry["pattern"], user_agent):
            return found.group(0).strip(" /")[:60] or "crawler"
    return "crawler"


def device_of(user_agent: str) -> str:
    """The kind of device by the words in its user agent."""
    for kind, words in (("tv", _TV), ("console", _CONSOLE), ("tablet", _TABLET)):
        if words.search(user_agent):
            return kind
    # An Android that does not say Mobile is a tablet, by Google's own rule.
    if "Android" in user_agent and "Mobile" not in user_agent and "Opera Mini" not in user_agent:
        return "tablet"
    if _MOBILE.search(user_agent):
        return "mobile"
    return "desktop" if _DESKTOP.search(user_agent) else ""
