"""What an address or a website says of a firm: its registrable domain, or why it says nothing. Pure.

The lists are short on purpose: they only keep a provider from looking like a firm. Whoever is missing does no harm until a
member confirms that domain for a company, or two known people of one company write from it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

COMPANY, FREE_MAIL, RELAY, THROWAWAY = "company", "free mail", "relay", "throwaway"
OWN_PEOPLE, INVALID = "own people", "invalid"
# Without the ending, so that yahoo.co.uk and gmx.at are meant as well. Providers only: no firm of another trade has these names.
FREE_NAMES = frozenset(
    "aol gmail gmx googlemail hotmail icloud live mailfence msn outlook posteo proton protonmail"
    " qq rocketmail t-online tutanota wanadoo yahoo yandex ymail zohomail".split()
)
FREE_DOMAINS = frozenset(
    "web.de mail.de email.de freenet.de arcor.de online.de kabelmail.de mail.com email.com me.com mac.com mail.ru bk.ru"
    " inbox.ru list.ru rambler.ru 163.com 126.com sina.com naver.com daum.net hey.com fastmail.com fastmail.fm hushmail.com"
    " inbox.com gawab.com comcast.net verizon.net att.net sbcglobal.net cox.net charter.net bellsouth.net btinternet.com"
    " laposte.net libero.it virgilio.it mailbox.org sky.com virginmedia.com talktalk.net orange.fr free.fr sfr.fr bluewin.ch hispeed.ch sunrise.ch aon.at chello.at"
    " tiscali.it alice.it tin.it wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz azet.sk abv.bg ukr.net uol.com.br"
    " bol.com.br terra.com.br rediffmail.com vodafone.de tutamail.com tuta.io tuta.com pm.me proton.me".split()
)
RELAYS = frozenset(
    "privaterelay.appleid.com relay.firefox.com mozmail.com duck.com simplelogin.com anonaddy.me".split()
)
THROWAWAYS = frozenset(
    "mailinator.com guerrillamail.com 10minutemail.com trashmail.com trash-mail.com yopmail.com tempmail.com temp-mail.org"
    " sharklasers.com getnada.com dispostable.com maildrop.cc throwawaymail.com wegwerfmail.de byom.de mailcatch.com".split()
)
# Sites on which firms have a page: the page's domain is not the firm's.
OTHERS_SITES = frozenset(
    "facebook.com instagram.com linkedin.com xing.com twitter.com x.com youtube.com tiktok.com google.com wordpress.com"
    " wixsite.com weebly.com jimdosite.com jimdofree.com github.com github.io medium.com linktr.ee blogspot.com notion.site"
    " shopify.com myshopify.com etsy.com amazon.com ebay.com ebay.de".split()
)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_SITE = re.compile(r"[\s,;]+")
# Careful: without this, tldextract asks the network for a fresh list.
_split = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@dataclass(frozen=True)
class MailDomain:
    """domain: registrable, as punycode, or None; kind: company, free mail, relay, throwaway, own people or invalid."""

    domain: str | None
    kind: str


def domain_of_address(address: str, own_domains: Collection[str] = ()) -> MailDomain:
    """Say what an e-mail address tells of a firm. own_domains: the workspace's; whoever writes from there is no lead."""
    host = _host(address.rpartition("@")[2]) if "@" in address else ""
    domain = registrable(host)
    if not host or not domain:
        return MailDomain(None, INVALID)
    for kind, known in ((RELAY, RELAYS), (THROWAWAY, THROWAWAYS)):
        if host in known or domain in known:
            return MailDomain(None, kind)
    if is_free_mail(domain):
        return MailDomain(None, FREE_MAIL)
    if domain in own_domains:
        return MailDomain(None, OWN_PEOPLE)
    return MailDomain(domain, COMPANY)


def domains_of_websites(text: str) -> list[str]:
    """Return the domains in what somebody wrote as a firm's website, in order; a page on a social network is none."""
    found: list[str] = []
    for site in _SITE.split(text.strip()):
        try:
            host = urlsplit(site if "//" in site else f"//{site}").hostname or ""
        except ValueError:
            continue
        domain = registrable(_host(host))
        if domain and domain not in OTHERS_SITES and not is_free_mail(domain) and domain not in found:
            found.append(domain)
    return found


def is_free_mail(domain: str) -> bool:
    """Whether anybody may have an address at this registrable domain."""
    return domain in FREE_DOMAINS or domain.partition(".")[0] in FREE_NAMES


def shown_domain(domain: str) -> str:
    """Return a domain as people write it: müller.example for xn--mller-kva.example."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


@lru_cache(maxsize=10_000)
def registrable(host: str) -> str:
    """Return the registrable part of a host: firm.co.uk for a.b.firm.co.uk; "" for what is none, as an address of numbers."""
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        return ""
    parts = _split(host)
    # An ending that no list knows, as .example and .test, has one label.
    return parts.top_domain_under_public_suffix if parts.suffix else ".".join(labels[-2:])


def _host(text: str) -> str:
    """Return a host in lower case, as punycode and without the dot of the root; "" for what is none."""
    text = text.strip().rstrip(".").lower()
    try:
        return text.encode("idna").decode("ascii") if text else ""
    except UnicodeError:
        return ""
