"""A workspace as a dataset: the stream in its store, the people in the main database, as they are at this moment."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from fullfunnel.capture.models import load_rules
from fullfunnel.capture.own_channels.grouped import with_groups
from fullfunnel.capture.own_channels.naming import groups_of, touches_sql
from fullfunnel.capture.own_channels.rules import Rule
from fullfunnel.events import catalogue, names
from fullfunnel.events.conditions import CHANNEL_GROUP, COMPANY, DEAL, SENDER
from fullfunnel.events.event import PROMOTED
from fullfunnel.events.freshness import data_until
from fullfunnel.events.store import open_store
from fullfunnel.events.store.dialects import Probe
from fullfunnel.events.store.journeys import Column, Index, Units, no_part
from fullfunnel.journeys.datasets.dataset import (
    AMOUNTS,
    COMPANIES_TRAIT,
    EVENT,
    MAX_OFFERED,
    PEOPLES_TRAIT,
    PROPERTY,
    Dataset,
    Selling,
    frequent_traits,
)
from fullfunnel.journeys.folds.subset import only
from fullfunnel.journeys.stages.rule_set import RuleSet
from fullfunnel.journeys.watch import Watch
from fullfunnel.people.models import Company, Person
from fullfunnel.people.units import (
    companies_of,
    company_traits_of,
    contacts_unknown_of,
    traits_of,
    traits_of_companies,
    units_of,
    version_of,
)
from fullfunnel.segments.selling import rules_called, selling_of
from fullfunnel.workspaces.models import Workspace

if TYPE_CHECKING:
    from fullfunnel.events.store.dialects import Dialect

Texts = tuple[NDArray[np.int64], list[str | None]]
AT_ONCE = 10_000
# With so many names a mistaken one is compared.
MAX_COMPARED = 1_000


class WorkspaceFacts:
    """See dataset.Facts. Made anew for each question, so that the question sees one state of people and time.

    data: the data directory.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace_id = workspace.pk
        self.timezone = workspace.timezone
        self.data = Path(settings.DATA_DIR)
        self._workspace = workspace

    @cached_property
    def selling(self) -> Selling:
        return selling_of(self._workspace)

    def rules_called(self, number: int) -> RuleSet | None:
        return rules_called(self._workspace, number)

    @cached_property
    def version(self) -> str:
        """Changes whenever an answer could, but for what time alone makes of pending and lost. Ask for it before the answer."""
        people = version_of(self.workspace_id)
        store, (grouping, _) = open_store().version(self.workspace_id), self.channel_rules
        selling = zlib.crc32(repr(self.selling).encode())
        return f"{store}/{people.moves}.{people.last}.{people.traits}/{selling}/{grouping}"

    @cached_property
    def channel_rules(self) -> tuple[int, tuple[Rule, ...]]:
        """The rules of the workspace's channel group, and their version."""
        return load_rules(self.workspace_id)

    @cached_property
    def data_until(self) -> int:
        return data_until(self.data)

    @cached_property
    def owners(self) -> Units:
        return units_of(self.workspace_id)

    @cached_property
    def people(self) -> Units:
        everybody, nobody = self.owners, contacts_unknown_of(self.workspace_id)
        if not len(nobody):
            return everybody
        is_counted = ~np.isin(everybody.units, nobody)
        return Units(everybody.identities[is_counted], everybody.units[is_counted], f"{everybody.version} people")


class WorkspaceIndexes:
    """The journeys of a workspace. `deals`: the names of the deals of the latest index of deals."""

    def __init__(self, facts: WorkspaceFacts) -> None:
        self._facts, self._store = facts, open_store()
        self.deals: list[str] = []
        self._held: list[Index] = []

    def index(self, count: str = "people") -> Index:
        index = self._store.index(self._facts.workspace_id, units=self._facts.owners)
        # Careful: what is made of it below has its files, but not its lease on them.
        self._held.append(index)
        index = with_groups(index, *self._facts.channel_rules)
        if count == "companies":
            from fullfunnel.journeys.folds.companies import by_company

            base, delta = index.column(COMPANY)
            own = _matched(index.units, *companies_of(self._facts.workspace_id))
            found = by_company(index, (base.codes, delta.codes), np.array(base.values, np.int64), own)
            return replace(found, release=index.release, is_coded=index.is_coded)
        if count == "deals":
            from fullfunnel.journeys.folds.deals import by_deal

            base, delta = index.column(DEAL)
            self.deals = base.values
            found = by_deal(index, (base.codes, delta.codes), len(base.values))
            return replace(found, release=index.release, is_coded=index.is_coded)
        return index if count == "owners" else self._of_people(index)

    def _of_people(self, index: Index) -> Index:
        """The index without contacts unknown; what was found out about its lists is kept beside that of the whole."""
        is_nobody = np.isin(index.units, contacts_unknown_of(self._facts.workspace_id))
        if not is_nobody.any():
            return index
        if ("people",) not in index.kept:
            # Careful: what is kept must not hold the index, and so its lease on the files.
            people = only(index, np.flatnonzero(~is_nobody))
            index.kept["people",] = replace(people, parts=(no_part(), no_part()), column=_no_column)
        kept: Index = index.kept["people",]
        return replace(kept, parts=index.parts, column=index.column, release=index.release, is_coded=index.is_coded)

    def sql(
        self,
        write: "Callable[[Dialect], str]",
        values: Sequence[Any] = (),
        *,
        units: Units | None = None,
        watch: Watch | None = None,
    ) -> list[dict[str, Any]]:
        watch, probe = watch or Watch(), Probe()
        write(probe)
        _, rules = self._facts.channel_rules
        try:
            groups = None
            if probe.is_asked:
                touches = self._store.ask(
                    lambda d: touches_sql(rules, d), [self._facts.workspace_id], is_over=watch.is_over
                )
                groups = groups_of(rules, touches)
            return self._store.ask(write, values, units=units, is_over=watch.is_over, groups=groups)
        except TimeoutError:
            watch.end()


class WorkspaceTraits:
    """See dataset.Traits. `has_any`: whether anybody has a trait that was asked for, by its kind and name."""

    def __init__(self, workspace_id: int) -> None:
        self._workspace_id = workspace_id
        self.has_any: dict[tuple[str, str], bool] = {}

    def of_people(self, trait: str, units: NDArray[np.int64]) -> Column:
        return _column(units, *self._noted(PEOPLES_TRAIT, trait, traits_of(self._workspace_id, trait)))

    def of_their_companies(self, trait: str, units: NDArray[np.int64]) -> Column:
        return _column(units, *self._noted(COMPANIES_TRAIT, trait, company_traits_of(self._workspace_id, trait)))

    def of_companies(self, trait: str, companies: NDArray[np.int64]) -> Column:
        return _column(companies, *self._noted(COMPANIES_TRAIT, trait, traits_of_companies(self._workspace_id, trait)))

    def names(self) -> tuple[list[str], list[str]]:
        people = Person.objects.filter(workspace_id=self._workspace_id, merged_into=None).exclude(traits={})
        companies = Company.objects.filter(workspace_id=self._workspace_id).exclude(traits={})
        first, second = (
            rows.order_by("-pk").values_list("traits", flat=True)[:AT_ONCE] for rows in (people, companies)
        )
        return frequent_traits(first), frequent_traits(second)

    def _noted(self, kind: str, trait: str, found: Texts) -> Texts:
        self.has_any[kind, trait] = self.has_any.get((kind, trait), False) or bool(found[1])
        return found


class WorkspaceNames:
    """See dataset.Names."""

    def __init__(self, workspace_id: int, indexes: WorkspaceIndexes, traits: WorkspaceTraits) -> None:
        self._workspace_id, self._indexes, self._traits = workspace_id, indexes, traits

    def canonical(self, name: str) -> str:
        return names.canonical(name)

    def of_units(self, count: str, units: NDArray[np.int64]) -> list[str]:
        if count == "deals":
            return [self._indexes.deals[unit] for unit in units]
        if count == "companies":
            keys = dict(Company.objects.filter(workspace_id=self._workspace_id).values_list("pk", "key"))
            return [keys.get(int(unit), "") for unit in units]
        return self.of_people(units)

    def of_people(self, units: NDArray[np.int64]) -> list[str]:
        ids, named = [int(unit) for unit in units], dict[int, str]()
        for start in range(0, len(ids), AT_ONCE):
            found = Person.objects.filter(workspace_id=self._workspace_id, pk__in=ids[start : start + AT_ONCE])
            named.update(found.values_list("pk", "public_id"))
        # Somebody erased a moment ago has no name any more.
        return [named.get(unit, "") for unit in ids]

    def person_called(self, name: str) -> int | None:
        people = Person.objects.filter(workspace_id=self._workspace_id, merged_into=None, public_id=name)
        return people.values_list("pk", flat=True).first()

    def event_properties(self, names: Sequence[str]) -> list[str]:
        seen = [name for name, _ in catalogue.properties_of(self._workspace_id, names)]
        return [name for name in dict.fromkeys([*PROMOTED, *seen]) if name not in AMOUNTS][:MAX_OFFERED]

    def unknown(self, kind: str, names: Sequence[str]) -> tuple[list[str], list[str]]:
        if kind == EVENT:
            missing = catalogue.names_that_never_came(self._workspace_id, names)
            return missing, catalogue.names_seen(self._workspace_id, most=MAX_COMPARED) if missing else []
        if kind == PROPERTY:
            others = [name for name in names if name not in (*PROMOTED, *SENDER, CHANNEL_GROUP)]
            missing = catalogue.properties_that_never_came(self._workspace_id, others)
            seen = catalogue.properties_of(self._workspace_id)[:MAX_COMPARED] if missing else []
            return missing, [name for name, _ in seen]
        # Of people, who may be millions, only what the answer itself looked for.
        missing = [name for name in names if self._traits.has_any.get((kind, name)) is False]
        if kind == COMPANIES_TRAIT:
            missing = [name for name in missing if not traits_of_companies(self._workspace_id, name)[1]]
        if not missing or not catalogue.names_seen(self._workspace_id, most=1):
            return [], []
        return missing, self._traits.names()[kind == COMPANIES_TRAIT]


@dataclass(frozen=True)
class WorkspaceDataset(Dataset):
    """A dataset whose facts also say which state of the workspace it is."""

    facts: WorkspaceFacts


def dataset_of(workspace: Workspace) -> WorkspaceDataset:
    """Return the dataset that a question to this workspace is asked of."""
    facts = WorkspaceFacts(workspace)
    indexes, traits = WorkspaceIndexes(facts), WorkspaceTraits(workspace.pk)
    names = WorkspaceNames(workspace.pk, indexes, traits)
    return WorkspaceDataset(facts, indexes.index, names, traits, names.unknown, indexes.sql)


def _no_column(name: str) -> tuple[Column, Column]:
    raise NotImplementedError("only the lists are kept")


def _matched(units: NDArray[np.int64], people: NDArray[np.int64], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of `people` (sorted) as one for each of `units`, -1 for who is not there."""
    at = np.searchsorted(people, units)
    known = np.append(people, -1)[at] == units
    return np.where(known, np.append(numbers, -1)[at], -1)


def _column(units: NDArray[np.int64], people: NDArray[np.int64], texts: Sequence[str | None]) -> Column:
    """The texts of `people` (sorted) as one row for each of `units`."""
    index: dict[str, int] = {}
    codes = np.array([index.setdefault(text, len(index)) if text else -1 for text in texts] + [-1], np.int32)
    at = np.searchsorted(people, units)
    known = np.append(people, -1)[at] == units
    return Column(np.where(known, codes[at], np.int32(-1)), list(index))
