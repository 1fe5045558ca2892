"""The default rules of each kind of workspace, as data (docs/spec/stages.md lists them)."""

from collections.abc import Mapping

from fullfunnel.events import names
from fullfunnel.events.conditions import DEAL, Clause, Group, Has
from fullfunnel.journeys.stages.page_kinds import PAGE_KIND, SERVED
from fullfunnel.journeys.stages.rule import (
    ADVOCACY,
    AWARENESS,
    CONSIDERATION,
    CONVERSION,
    DAY,
    INTEREST,
    LADDER,
    LOYALTY,
    PROSPECT,
    Former,
    Reversal,
    Rules,
    Stage,
    all_of,
    any_of,
    condition,
    has,
)

VIEWS = (names.PAGE_VIEWED, names.SCREEN_VIEWED)
# Makes an address private: nobody works there.
FREE_MAIL = (
    "@gmail.", "@googlemail.", "@yahoo.", "@hotmail.", "@outlook.", "@live.", "@icloud.", "@me.com", "@aol.", "@proton.",
    "@protonmail.", "@gmx.", "@web.de", "@t-online.de", "@freenet.de", "@posteo.de", "@mail.ru", "@orange.fr", "@free.fr",
    "@laposte.net", "@libero.it",
)  # fmt: skip


def page(kind: str, **said: object) -> Has:
    return has(*VIEWS, where=(condition(PAGE_KIND, "=", kind),), **said)  # type: ignore[arg-type]


def trait(name: str, *where: object) -> Has:
    return has(names.TRAIT_CHANGED, where=(condition("trait", "=", name), *where))  # type: ignore[arg-type]


CONTACTS = (
    "ad_clicked",
    "form_submitted",
    "lead_captured",
    "lead_handed_over",
    "webinar_registered",
    "activity_logged",
)
ARRIVAL = any_of(has(*VIEWS), has(*CONTACTS))
SECOND_SESSION = has(*VIEWS, least=2, count="sessions", within=30)
TWO_CONTENT_PAGES = page("content", least=2, count="values", value="path")
NEWSLETTER = has("newsletter_confirmed")
RECOMMENDED: tuple[Clause, ...] = (
    has("referral_converted"),
    has("review_submitted", "product_reviewed", where=(condition("rating", ">=", 4.0),)),
)
REFERENCE = has("reference_agreed")
WORK_EMAIL = trait("email", condition("new", "is_set"), *(condition("new", "not_contains", one) for one in FREE_MAIL))
ANY_EMAIL, PHONE = trait("email", condition("new", "is_set")), trait("phone", condition("new", "is_set"))
LINKEDIN_LEAD = has("lead_captured", where=(condition("source", "contains", "linkedin"),))
# What somebody did beyond the newsletter.
ASKED = has(
    "form_submitted", "guide_downloaded", "webinar_registered", "trial_started", "lead_captured", "lead_handed_over",
    "deal_created",
)  # fmt: skip
LONG_WEBINAR = has("webinar_attended", where=(condition("minutes", ">=", 20.0),))
BOUGHT = ("invoice_paid", "subscription_started", "order_completed")
BUYS: tuple[Clause, ...] = (has(names.DEAL_WON), has(*BOUGHT))

COMPANIES = Rules(
    stages=(
        Stage(AWARENESS, ARRIVAL),
        Stage(INTEREST, any_of(SECOND_SESSION, TWO_CONTENT_PAGES, NEWSLETTER)),
        Stage(
            CONSIDERATION,
            any_of(
                page("price", least=2, count="sessions", within=14),
                page("comparison"),
                page("case_study"),
                has("trial_started"),
                LONG_WEBINAR,
            ),
        ),
        Stage(CONVERSION, any_of(*BUYS)),
        Stage(
            LOYALTY,
            has("subscription_renewed"),
            late=has("product_used", least=3, count="weeks", within=28),
            late_after=CONVERSION,
            late_by=90 * DAY,
        ),
        Stage(ADVOCACY, any_of(*RECOMMENDED, REFERENCE)),
    ),
    silence=60 * DAY,
    prospect=Stage(PROSPECT, all_of(any_of(WORK_EMAIL, PHONE, LINKEDIN_LEAD), ASKED)),
    former=Former((names.DEAL_WON, *BOUGHT, "subscription_renewed"), ("subscription_ended", "subscription_churned")),
)

HOUSEHOLDS = Rules(
    stages=(
        Stage(AWARENESS, ARRIVAL),
        Stage(
            INTEREST,
            any_of(SECOND_SESSION, TWO_CONTENT_PAGES, NEWSLETTER, has("calculator_started"), page("calculator")),
        ),
        Stage(CONSIDERATION, any_of(has("calculator_finished"), has("bill_uploaded"), page("financing"))),
        Stage(CONVERSION, has(names.DEAL_WON)),
        Stage(
            LOYALTY, any_of(has(names.DEAL_WON, least=2, count="values", value=DEAL), has("service_contract_signed"))
        ),
        Stage(ADVOCACY, any_of(*RECOMMENDED, REFERENCE)),
    ),
    silence=90 * DAY,
    prospect=Stage(
        PROSPECT,
        all_of(any_of(ANY_EMAIL, PHONE), trait("postcode", condition("new", "is_set"), condition(SERVED, "=", "true"))),
    ),
)

ONLINE = Rules(
    stages=(
        Stage(AWARENESS, any_of(has(*VIEWS), has("ad_clicked", "form_submitted"))),
        Stage(
            INTEREST,
            any_of(
                has(*VIEWS, least=2, count="sessions"),
                has("product_viewed", least=2, count="values", value="product_id"),
                NEWSLETTER,
            ),
        ),
        Stage(
            CONSIDERATION,
            any_of(
                has("product_added", "cart_viewed", "checkout_started", "product_added_to_wishlist"),
                page("basket"),
                has("product_viewed", least=2, count="days", each="product_id"),
            ),
        ),
        Stage(CONVERSION, has("order_completed")),
        Stage(LOYALTY, has("order_completed", least=2, count="days", within=365)),
        Stage(ADVOCACY, any_of(*RECOMMENDED)),
    ),
    silence=14 * DAY,
    reversal=Reversal("order_completed", "order_refunded", "order_id"),
    former=Former(("order_completed",), silence=365 * DAY),
)


def _together(one: Rules, other: Rules) -> Rules:
    """Return rules by which a stage is reached by either's; the later part and the sales funnel are those of `one`."""
    stages = tuple(
        Stage(mine.name, any_of(*_alternatives(mine.rule, also.rule)), mine.late, mine.late_after, mine.late_by)
        for mine, also in zip(one.stages, other.stages, strict=True)
    )
    return Rules(stages, one.silence, one.prospect, other.reversal, one.former)


def _alternatives(*rules: Clause) -> dict[Clause, None]:
    parts = (rule.of if isinstance(rule, Group) and rule.op == "any" else (rule,) for rule in rules)
    return dict.fromkeys(one for of in parts for one in of)


DEFAULT = "companies"
RULES: Mapping[str, Rules] = {
    "companies": COMPANIES,
    "households": HOUSEHOLDS,
    "online": ONLINE,
    "both": _together(COMPANIES, ONLINE),
}
assert all(tuple(stage.name for stage in rules.stages) == LADDER for rules in RULES.values())  # noqa: S101


def rules_of(sells: str) -> Rules:
    """Return the rules of a kind of workspace; of one that has not said how it sells, those of companies."""
    return RULES.get(sells) or RULES[DEFAULT]
