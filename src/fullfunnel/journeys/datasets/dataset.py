"""What a question is asked of: a file or a workspace, seen through the same few doors."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fullfunnel.events.store.journeys import Column, Index, Journeys, Units
from fullfunnel.journeys.watch import Watch

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect


# What a question may name. A dataset says of each which ones it never saw.
EVENT, PROPERTY, PEOPLES_TRAIT, COMPANIES_TRAIT = "event", "property", "person", "company"
# What an answer that looks at many properties looks at: so many, no amounts, and no trait that says who somebody is.
MOST_OFFERED = 40
AMOUNTS = ("revenue", "currency")
TELLS_WHO = {
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


def frequent_traits(told: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of traits, the most frequent first, none that says who somebody is."""
    counts = Counter(name for traits in told for name in traits if name not in TELLS_WHO)
    return [name for name, _ in counts.most_common(MOST_OFFERED)]


class Dataset(Protocol):
    """The events and the people that a question is about, as they are at one moment."""

    @property
    def workspace_id(self) -> int:
        """What every WHERE names; 0 for a file."""

    @property
    def data_until(self) -> int:
        """The time up to which data is in (µs since 1970 UTC): `pending` is judged by it. Of an empty file: 1970."""

    @property
    def timezone(self) -> str:
        """The zone of a period that names none."""

    @property
    def people(self) -> Units:
        """Who is whom: every identity with its person."""

    @property
    def owners(self) -> Units:
        """The same with contacts unknown: they are no people, but events of their companies and deals are theirs."""

    def canonical(self, name: str) -> str:
        """An event name as it stands in the stream (a workspace maps Segment's spec names; a file keeps names as they are)."""

    def journeys(self, columns: Sequence[str]) -> Iterator[Journeys]:
        """Journeys of whole people in chunks, with the named event properties (promoted or not) as columns.

        Every chunk has every column asked for; `names` and a column's `values` may differ from chunk to chunk.
        A property that no event has is a column of -1.
        """

    def index(self, count: str = "people") -> Index:
        """All journeys at once, without a copy: what folds::gather takes from. Of people, or of what is counted: companies, deals.

        `owners`: of people and contacts unknown, whose events the journeys of companies and deals are made of.
        """

    def person_column(self, trait: str, units: NDArray[np.int64]) -> Column:
        """A trait of people as it is today, one row for each of `units` (as in Journeys.units), in that order."""

    def company_column(self, trait: str, units: NDArray[np.int64]) -> Column:
        """The same for a trait of the person's company."""

    def trait_of_companies(self, trait: str, companies: NDArray[np.int64]) -> Column:
        """A trait of companies, as they are units of index("companies"), as it is today."""

    def units_named(self, count: str, units: NDArray[np.int64]) -> list[str]:
        """How an answer names each unit of index(count): a company by its key, a deal as the stream names it, people as people_named."""

    def people_named(self, units: NDArray[np.int64]) -> list[str]:
        """How an answer names each of these people: the id in the file; in a workspace the public id of the person."""

    def person_called(self, name: str) -> int | None:
        """The unit that `people_named` names so; None when nobody is."""

    def event_properties(self, names: Sequence[str]) -> list[str]:
        """Properties that events of these names are known to carry."""

    def trait_names(self) -> tuple[list[str], list[str]]:
        """The names of the traits that people have today, and those of companies; the most frequent first, none that says who it is."""

    def unseen(self, kind: str, names: Sequence[str]) -> tuple[list[str], list[str]]:
        """(those of `names` that nothing here ever bore; if there are any, names of this `kind` that are known).

        `kind`: EVENT, PROPERTY (of events), PEOPLES_TRAIT or COMPANIES_TRAIT. A dataset that is empty, or not sure, has nothing to say.
        """

    def ask(
        self,
        write: "Callable[[Dialect], str]",
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        watch: Watch | None = None,
    ) -> list[dict[str, Any]]:
        """Runs SQL over the table `events`, and with `units` (`people`, or a choice of them) over units(identity_id, unit_id).

        QuestionTimeout and Cancelled when `watch` says so first.
        """
