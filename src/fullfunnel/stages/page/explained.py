"""Every stage in words: what it is, its rule, and what others call it. Pure."""

import re
from dataclasses import dataclass

from fullfunnel.journeys.stages.rule import LADDER, PROSPECT, Rules, Stage
from fullfunnel.journeys.stages.rules import RULES
from fullfunnel.journeys.stages.table import rule_words
from fullfunnel.stages.words import MEANINGS, OUTCOMES, TITLES

HANDED_OVER, OPPORTUNITY, CUSTOMER = "handed_over", "opportunity", "customer"
OF_PEOPLE = (*LADDER, PROSPECT)
# In the order in which one walks from stage to stage; a shop has those of marketing alone.
ORDER = (
    "awareness",
    "interest",
    "consideration",
    "prospect",
    HANDED_OVER,
    OPPORTUNITY,
    CUSTOMER,
    "loyalty",
    "advocacy",
)
ALSO = {
    "awareness": ("attention", "reach", "visitors"),
    "interest": ("engagement", "inquiry"),
    "consideration": ("desire", "evaluation"),
    "conversion": ("action", "purchase"),
    "loyalty": ("retention", "repeat customers"),
    "advocacy": ("referral", "promoters"),
    PROSPECT: ("contact", "raw lead"),
    HANDED_OVER: ("MQL (marketing qualified lead)", "SAL (sales accepted lead) once accepted"),
    OPPORTUNITY: ("SQL (sales qualified lead)", "pipeline"),
    CUSTOMER: ("closed won", "action"),
}
OF_SALES = {
    HANDED_OVER: "asked for a demo or a contact, was handed over by a member, or reached both scores (Settings, Sales)",
    OPPORTUNITY: "a deal was created, counted on the day it was",
    CUSTOMER: "the deal was won, counted on the day it was created",
}
# Said better than the grammar does, while the rule is the default one.
PLAIN = {
    ("companies", "awareness"): "a first visit, an advert clicked, or a contact that was recorded",
    ("households", "awareness"): "a first visit, an advert clicked, or a contact that was recorded",
    ("online", "awareness"): "a first visit, or an advert clicked",
    ("both", "awareness"): "a first visit, an advert clicked, or a contact that was recorded",
    ("companies", PROSPECT): "a work e-mail, a phone number or a lead of LinkedIn, and more than the newsletter",
    ("both", PROSPECT): "a work e-mail, a phone number or a lead of LinkedIn, and more than the newsletter",
    ("households", PROSPECT): "an e-mail or a phone number, and a postcode that is served",
}
PAGES = {
    "price": "the price page", "content": "a page of content", "comparison": "a comparison", "case_study": "a case study",
    "basket": "the basket", "calculator": "the calculator", "financing": "the page of financing",
}  # fmt: skip
PAGE = re.compile(r"a page where page_kind is (\w+)")
SAME = (
    (re.compile(r", with 2 values of path"), ", two different ones"),
    (re.compile(r"^product_viewed, with 2 values of product_id$"), "two products seen"),
    (re.compile(r", with (\d+) values of @deal"), r", \1 different ones"),
    (re.compile(r"webinar_attended where minutes is at least (\S+)"), r"\1 minutes of a webinar"),
    (re.compile(r"^a page, in (\d+) sessions"), r"\1 sessions"),
    (re.compile(r"where rating is at least (\S+)"), r"with at least \1 of 5"),
)


@dataclass(frozen=True)
class Explained:
    """A stage in words. rule: its alternatives; also: what others call it."""

    stage: str
    title: str
    what: str
    rule: tuple[str, ...]
    also: tuple[str, ...]
    side: str
    unit: str

    @property
    def rule_said(self) -> str:
        return "; ".join(self.rule)


def explained(stage: str, sells: str, rules: Rules) -> Explained:
    """Return a stage of ORDER (or conversion) in words, by these rules."""
    if stage in OF_SALES:
        title = "Customers" if stage == CUSTOMER else TITLES[stage]
        what = "Deals that were won." if stage == CUSTOMER else MEANINGS[stage]
        unit = "hand-overs" if stage == HANDED_OVER else "deals"
        return Explained(stage, title, what, (OF_SALES[stage],), ALSO[stage], "Sales funnel", unit)
    side = "Sales funnel" if stage == PROSPECT else "Marketing funnel"
    rule = _rule(stage, sells, rules)
    return Explained(stage, TITLES[stage], MEANINGS[stage].split(" Others")[0], rule, ALSO[stage], side, "people")


def order_of(rules: Rules) -> tuple[str, ...]:
    """Return the stages in the order of the picture."""
    return ORDER if rules.has_sales else LADDER


def outcomes_said() -> str:
    return ", ".join(OUTCOMES.values())


def _rule(name: str, sells: str, rules: Rules) -> tuple[str, ...]:
    found = _stage(rules, name)
    if found is None:
        return ()
    usual = _stage(RULES.get(sells, rules), name)
    if (sells, name) in PLAIN and usual == found:
        return (PLAIN[sells, name],)
    return tuple(dict.fromkeys(_plain(words) for words in rule_words(found)))


def _stage(rules: Rules, name: str) -> Stage | None:
    stages = (*rules.stages, *([rules.prospect] if rules.prospect else []))
    return next((stage for stage in stages if stage.name == name), None)


def _plain(words: str) -> str:
    """Return a rule's words without the names of the grammar."""
    for pattern, said in SAME:
        words = pattern.sub(said, words)
    words = PAGE.sub(lambda match: PAGES.get(match[1], f"a page of {match[1]}"), words)
    return words.replace("_", " ")
