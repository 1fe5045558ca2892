"""What a stage and the rules of a kind of workspace are."""

from dataclasses import dataclass

from fullfunnel.events.conditions import Clause, Condition, Group, Has

DAY = 86_400_000_000
AWARENESS, INTEREST, CONSIDERATION, CONVERSION, LOYALTY, ADVOCACY = LADDER = (
    "awareness",
    "interest",
    "consideration",
    "conversion",
    "loyalty",
    "advocacy",
)
PROSPECT = "prospect"


@dataclass(frozen=True)
class Stage:
    """A stage and when somebody has reached it. `late`: also true so long (µs) after the stage `late_after`."""

    name: str
    rule: Clause
    late: Clause | None = None
    late_after: str = ""
    late_by: int = 0


@dataclass(frozen=True)
class Reversal:
    """An event that takes back another with the same value of a property: a full refund takes back its order."""

    event: str
    by: str
    property: str


@dataclass(frozen=True)
class Former:
    """Whose time as a customer is over: by an event later than what they bought last, or after so long (µs) without buying."""

    bought: tuple[str, ...]
    by: tuple[str, ...] = ()
    silence: int | None = None


@dataclass(frozen=True)
class Rules:
    """The stages of a kind of workspace. `silence`: after so long (µs) without a sign somebody has gone quiet.

    Who has gone quiet stands one stage lower, after as long again two.
    """

    stages: tuple[Stage, ...]
    silence: int
    prospect: Stage | None = None
    reversal: Reversal | None = None
    former: Former | None = None

    @property
    def has_sales(self) -> bool:
        return self.prospect is not None


def has(
    *events: str, where: tuple[Condition, ...] = (), least: int = 1, count: str = "times", within: int | None = None,
    value: str = "", each: str = "",
) -> Has:  # fmt: skip
    """Return what a journey has; `within` in days."""
    return Has(events, where, least, count, value, each, None if within is None else within * DAY)


def condition(name: str, op: str, *operands: str | float) -> Condition:
    return Condition(name, op, operands)


def any_of(*clauses: Clause) -> Group:
    return Group("any", clauses)


def all_of(*clauses: Clause) -> Group:
    return Group("all", clauses)
