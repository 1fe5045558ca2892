"""What a question about stages reads of a dataset, under which rules; kept beside the index for the next question."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from fullfunnel.events.conditions import QuestionError
from fullfunnel.events.store.journeys import Index
from fullfunnel.journeys.folds.plan import NEVER
from fullfunnel.journeys.questions.shapes import Period
from fullfunnel.journeys.stages.deals import Deal
from fullfunnel.journeys.stages.figures import Funnels
from fullfunnel.journeys.stages.ledger import HandOver, Ledger
from fullfunnel.journeys.stages.moves import Moves, moves_of, plan_of
from fullfunnel.journeys.stages.question import Stages
from fullfunnel.journeys.stages.rule_set import ByScore, RuleSet, default_set
from fullfunnel.journeys.stages.rules import DEFAULT
from fullfunnel.journeys.stages.sales import deals_in, ledger_in
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.journeys.datasets.dataset import Dataset

T = TypeVar("T")
# People whose moves are kept for the next question: 130 bytes each.
MOST_KEPT = 1_000_000


def rules_asked(asked: "int | RuleSet | None", sells: str, dataset: "Dataset", field: str = "rules") -> RuleSet:
    """Return the rules that a question asks by: said whole, a version's, of another kind of workspace, or those adopted."""
    if isinstance(asked, RuleSet):
        return asked
    if asked is not None:
        if (found := dataset.facts.rules_called(asked)) is None:
            raise QuestionError(field, f"{asked} is no version of this workspace's rules, and no draft")
        return found
    selling = dataset.facts.selling
    own = selling.sells or DEFAULT
    if sells and sells != own:
        return default_set(sells)
    return selling.rules or default_set(selling.sells)


def read_moves(rules: RuleSet, dataset: "Dataset", index: Index, zone: str, watch: Watch) -> Moves:
    """Return everybody's moves under these rules."""
    selling = dataset.facts.selling
    plan = plan_of(rules.rules, selling.pages, selling.own, selling.rivals)
    return kept(index, ("moves", plan, zone), lambda: moves_of(plan, index, dataset, zone, watch))


def read_sales(rules: RuleSet, dataset: "Dataset", watch: Watch) -> tuple[Ledger, list[Deal]]:
    """Return the ledger, without whom these rules would not have handed over by score, and the deals."""
    if not rules.rules.has_sales:
        return Ledger(), []
    owners = dataset.index("owners")
    ledger = kept(owners, ("ledger",), lambda: ledger_in(owners, dataset, watch))
    deals = kept(owners, ("deals of stages",), lambda: deals_in(owners, dataset, watch))
    return _under(ledger, rules.by_score), deals


def _under(ledger: Ledger, limits: ByScore | None) -> Ledger:
    left = [one for one in ledger.hand_overs if meets(one, limits)]
    if len(left) == len(ledger.hand_overs):
        return ledger
    found = Ledger()
    found.hand_overs, found.ignored = left, ledger.ignored
    return found


def meets(one: HandOver, limits: ByScore | None) -> bool:
    """Return whether a hand-over counts under these limits: it was asked for, or had enough of both scores when it was made."""
    if one.score is None or limits is None or not limits.is_on:
        return True
    return one.score[0] >= limits.fit and one.score[1] >= limits.engagement


def read_funnels(
    question: Stages, rules: RuleSet, dataset: "Dataset", index: Index, watch: Watch
) -> tuple[Funnels, Ledger]:
    """Return both funnels of a question's period, and the ledger."""
    moves = read_moves(rules, dataset, index, question.period.timezone, watch)
    ledger, deals = read_sales(rules, dataset, watch)
    start, end = limits_of(question.period)
    until, has_sales = dataset.facts.data_until, rules.rules.has_sales
    return Funnels(moves, ledger.hand_overs, deals, start, end, until, rules.rules.silence, has_sales), ledger


def within(found: Funnels, period: Period) -> Funnels:
    """Return the same of another period."""
    start, end = limits_of(period)
    return replace(found, start=start, end=end)


def kept(index: Index, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return what was made of this state of the index before: the lists behind the numbers ask the same again."""
    if len(index.units) > MOST_KEPT:
        return make()
    if key not in index.kept:
        index.kept[key] = make()
    found: T = index.kept[key]
    return found


def limits_of(period: Period) -> tuple[int, int]:
    return -NEVER + 1 if period.start is None else period.start, NEVER if period.end is None else period.end
