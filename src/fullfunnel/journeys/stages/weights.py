"""The default weights of each kind of workspace, as data. Online firms score nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fullfunnel.events.conditions import Has
from fullfunnel.journeys.stages.page_kinds import Pages, with_pages
from fullfunnel.journeys.stages.rule import all_of, condition, has
from fullfunnel.journeys.stages.rules import FREE_MAIL, LONG_WEBINAR, VIEWS, page
from fullfunnel.journeys.stages.score import Weight

ROLES = r"(?i)\b(head|chief|director|owner|founder|president|partner|managing|manager|lead|vp|c[efoimt]o|leiter|leiterin|inhaber)\b"


@dataclass(frozen=True)
class Weights:
    """What fit and engagement are made of; empty where nobody is scored."""

    fit: tuple[Weight, ...] = ()
    engagement: tuple[Weight, ...] = ()


def asked_for(*forms: str) -> Has:
    return has("form_submitted", where=(condition("form", "in", *forms),))


COMPANIES = Weights(
    fit=(
        Weight(
            "work e-mail",
            all_of(condition("email", "is_set"), *(condition("email", "not_contains", one) for one in FREE_MAIL)),
            20,
        ),
        Weight("20 to 5,000 employees", condition("employees", "between", 20.0, 5_000.0), 30),
        Weight("deciding role", condition("title", "matches", ROLES), 20),
        Weight("country known", condition("country", "is_set"), 15),
        Weight("industry known", condition("industry", "is_set"), 15),
    ),
    engagement=(
        Weight("page seen", has(*VIEWS), 1),
        Weight("content read", page("content"), 3),
        Weight("price page", page("price"), 10),
        Weight("comparison", page("comparison"), 8),
        Weight("case study", page("case_study"), 8),
        Weight("guide downloaded", has("guide_downloaded"), 15),
        Weight("webinar of 20 minutes or more", LONG_WEBINAR, 20),
        Weight("form begun", has("form_started"), 10),
        Weight("trial begun", has("trial_started"), 30),
        Weight("product used", has("product_used"), 3),
        Weight("link in a mail", has("email_link_clicked"), 5),
        Weight("demo or contact asked", asked_for("demo", "contact", "Demo request", "Contact", "Quote"), 40),
    ),
)
HOUSEHOLDS = Weights(
    fit=(
        Weight("postcode known", condition("postcode", "is_set"), 40),
        Weight("owner of the house", condition("is_owner", "=", "true"), 30),
        Weight("roof fits", condition("roof_fits", "=", "true"), 30),
    ),
    engagement=(
        Weight("page seen", has(*VIEWS), 1),
        Weight("financing", page("financing"), 10),
        Weight("calculator begun", has("calculator_started"), 10),
        Weight("calculator finished", has("calculator_finished"), 30),
        Weight("bill uploaded", has("bill_uploaded"), 30),
        Weight("quote or visit asked", asked_for("quote", "visit", "contact"), 40),
    ),
)
WEIGHTS: Mapping[str, Weights] = {
    "companies": COMPANIES,
    "households": HOUSEHOLDS,
    "online": Weights(),
    "both": COMPANIES,
}


def weights_of(sells: str, pages: Pages) -> Weights:
    """Return the weights of a kind of workspace, with its addresses of pages; of one that has not said how it sells, those of companies."""
    weights = WEIGHTS.get(sells, COMPANIES)
    return Weights(weights.fit, with_addresses(weights.engagement, pages))


def with_addresses(weights: Sequence[Weight], pages: Pages) -> tuple[Weight, ...]:
    return tuple(replace(weight, rule=with_pages(weight.rule, pages)) for weight in weights)
