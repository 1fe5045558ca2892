"""What a question is asked of: a file or a workspace, as a value made of parts."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fullfunnel.core.business_time import Calendar
from fullfunnel.events.store.journeys import Column, Index, Units
from fullfunnel.journeys.datasets.spending import SpendingSource
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect
    from fullfunnel.journeys.stages.rule_set import RuleSet


# What a question may name. A dataset says of each kind which names it does not know.
EVENT, PROPERTY, PEOPLES_TRAIT, COMPANIES_TRAIT = "event", "property", "person", "company"
# An answer that looks at many properties looks at so many, at no amounts, and at no trait that identifies somebody.
MAX_OFFERED = 40
AMOUNTS = ("revenue", "currency")
IDENTIFYING = {
    "id",
    "name",
    "first_name",
    "last_name",
    "firstName",
    "lastName",
    "email",
    "phone",
    "username",
    "avatar",
    "address",
}


def frequent_traits(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of the traits in `rows`, the most frequent first, without those that identify somebody."""
    counts = Counter(name for traits in rows for name in traits if name not in IDENTIFYING)
    return [name for name, _ in counts.most_common(MAX_OFFERED)]


def _nothing() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Sellers:
    """Who owns which hand-over and deal. stamp: changes whenever an owner does; load: their ids -> name of the owner."""

    stamp: str = ""
    load: Callable[[], Mapping[str, str]] = field(default=_nothing, repr=False, compare=False)


@dataclass(frozen=True)
class Selling:
    """What questions about stages need of a workspace. sells: companies, households, online or both; "" is not said.

    pages: kinds of pages and their path patterns, where they are not the default. own: addresses of the firm's own people;
    one that begins with @ is a whole domain. rivals: the same of competitors. rules: those adopted;
    None: the default. stamp: changes with any version or draft. calendar: when
    it works, None is Monday to Friday, 9 to 17.
    """

    sells: str = ""
    pages: Mapping[str, Sequence[str]] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    sellers: Sellers = field(default_factory=Sellers)
    rules: "RuleSet | None" = None
    stamp: str = ""
    calendar: Calendar | None = None
    spending: SpendingSource = field(default_factory=SpendingSource)


class Facts(Protocol):
    """What holds for all of a dataset, at the moment of the question."""

    @property
    def workspace_id(self) -> int:
        """What every WHERE names; 0 for a file."""

    @property
    def timezone(self) -> str:
        """The zone of a period that names none."""

    @property
    def data_until(self) -> int:
        """The time up to which data is in (µs since 1970 UTC): `pending` is judged by it. Of an empty file: 1970."""

    @property
    def selling(self) -> Selling:
        """How the firm sells, and what it calls its pages."""

    def rules_called(self, number: int) -> "RuleSet | None":
        """Return a version of the rules of its stages, or a draft, by its number; None: there is none."""

    @property
    def people(self) -> Units:
        """Every identity with its person."""

    @property
    def owners(self) -> Units:
        """The same with contacts unknown: they are no people, but events of their companies and deals are theirs."""


class IndexOf(Protocol):
    """Return all journeys at once, without a copy, as folds/gather.py takes from them.

    `count`: people, companies, deals, or owners: people and contacts unknown, whose events those of companies and deals are.
    """

    def __call__(self, count: str = "people") -> Index: ...


class Names(Protocol):
    """How things are called in questions and answers."""

    def canonical(self, name: str) -> str:
        """Return an event's name as it stands in the stream. A workspace maps Segment's spec names; a file keeps names."""

    def of_units(self, count: str, units: NDArray[np.int64]) -> list[str]:
        """Return the names of units of index(count): a company's key, a deal's name in the stream, people as of_people."""

    def of_people(self, units: NDArray[np.int64]) -> list[str]:
        """Return the names of people: the id in the file; in a workspace the public id of the person."""

    def person_called(self, name: str) -> int | None:
        """Return the unit that `of_people` names so; None when there is none."""

    def event_properties(self, names: Sequence[str]) -> list[str]:
        """Return the properties that events of these names are known to carry."""


class Traits(Protocol):
    """Traits as they are today: a row for each of the given units, in their order."""

    def of_people(self, trait: str, units: NDArray[np.int64]) -> Column:
        """Return a trait of people."""

    def of_their_companies(self, trait: str, units: NDArray[np.int64]) -> Column:
        """Return a trait of the company of each of these people."""

    def of_companies(self, trait: str, companies: NDArray[np.int64]) -> Column:
        """Return a trait of companies, which are units of index("companies")."""

    def names(self) -> tuple[list[str], list[str]]:
        """Return the names of people's traits and of companies', the most frequent first, without those that identify."""


class Sql(Protocol):
    """Run SQL over the table `events`, and with `units` (`people`, or a choice of them) over units(identity_id, unit_id).

    QuestionTimeout and Cancelled when `watch` says so first.
    """

    def __call__(
        self,
        write: "Callable[[Dialect], str]",
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        watch: Watch | None = None,
    ) -> list[dict[str, Any]]: ...


# (kind, names) -> (those of `names` that nothing here ever had; if there are any, names of this kind that are known).
# `kind`: EVENT, PROPERTY (of events), PEOPLES_TRAIT or COMPANIES_TRAIT. An empty dataset, or one that is not sure, returns none.
Unknown = Callable[[str, Sequence[str]], tuple[list[str], list[str]]]


@dataclass(frozen=True)
class Dataset:
    """The events and people that a question is about, as they are at one moment. Parts are replaced with dataclasses.replace."""

    facts: Facts
    index: IndexOf
    names: Names
    traits: Traits
    unknown: Unknown
    sql: Sql
