"""Where the cards of the first five minutes stand, and what they say. Pure but for the addresses."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from fullfunnel.core.numbers import number
from fullfunnel.demo.tour.facts import Facts
from fullfunnel.stages.words import amounts

COUNTING = "Counting…"
PHONE = "mobile"


@dataclass(frozen=True)
class Stop:
    """page: the URL names that it may stand on, the best first; query: of its address. says: the card's text, of the numbers."""

    minute: str
    title: str
    pages: tuple[str, ...]
    says: Callable[[Facts], str]
    query: str = ""


def _sentence(facts: Facts) -> str:
    if not facts.stages:
        return COUNTING
    found, deals = facts.stages["marketing"][0]["people"], facts.stages["deals"]
    return (
        f"{number(found)} people found Halden in 90 days, {number(facts.stages['hand_overs']['handed_over'])} were handed over to "
        f"sales, {number(deals['won'])} deals were won: {amounts(deals['won_value'])}. Marketing and sales read the same line."
    )


def _waiting(facts: Facts) -> str:
    return (
        f"Leads that wait for an answer: {number(facts.waiting)}, {number(facts.away)} of them with Emil, who is away. Share them out: "
        "who gets how many is proposed, and the ledger of hand-overs stays what it was."
    )


def _form(facts: Facts) -> str:
    if PHONE not in facts.devices:
        return COUNTING
    (began, arrived), (others, came) = facts.devices[PHONE], facts.devices.get("desktop", (0, 0))
    return (
        f"{number(began)} people began the demo form on a phone, and {number(arrived)} forms arrived; on a desktop "
        f"{number(came)} of {number(others)}. Open the {number(began - arrived)} who were lost. One of them is Ada Brandt: a "
        "LinkedIn advert, a guide, the price twice, the form three times, gone."
    )


def _phone(facts: Facts) -> str:
    return (
        f"This is what Bob sees on his phone. {facts.top or 'The top lead'} stands first, with the reasons. A accepts, R rejects "
        "with a reason, C calls."
    )


def _channels(facts: Facts) -> str:
    return "Google's leads cost less each; LinkedIn's return more. Which channel pays is not the one that brings most people."


def _why(facts: Facts) -> str:
    won = facts.stages["deals"]["won"] if facts.stages else 0
    return f"{number(won) if won else 'Each number'}: these are the deals. Every number on every page opens what it counts."


def _rules(facts: Facts) -> str:
    return "Who counts as a lead is a rule. Change the threshold from 50 to 60 and see the last year redrawn before you adopt it."


def _walk(facts: Facts) -> str:
    return "Become a test lead: cross both funnels yourself, land in Bob's inbox, be won, and vanish."


STOPS = (
    Stop("0:00", "One sentence for both teams", ("stages:home",), _sentence),
    Stop("0:30", "Leads die by waiting", ("crm:inbox",), _waiting, "tab=all&sort=longest"),
    Stop("1:30", "A form that breaks on phones", ("analytics:funnel",), _form),
    Stop("2:30", "A seller's phone", ("crm:inbox",), _phone, "tab=all&sort=score"),
    Stop("3:15", "What each channel returns", ("campaigns:channels", "analytics:attribution"), _channels),
    Stop("4:00", "Why 31?", ("stages:people",), _why, "stage=opportunity&outcome=won"),
    Stop("4:30", "Last year under another rule", ("stages:rules", "workspaces:settings"), _rules),
    Stop("5:00", "Walk me through", ("demo:walk",), _walk),
)


def address_of(stop: Stop, slug: str, facts: Facts) -> str:
    """Return the address of a stop's page; the saved question's where the stop is about that."""
    query = stop.query
    if stop.says is _form and facts.by_device:
        query = f"saved={facts.by_device}"
    for name in stop.pages:
        try:
            return reverse(name, args=[slug]) + (f"?{query}" if query else "")
        except NoReverseMatch:
            continue
    raise NoReverseMatch(stop.pages[-1])
