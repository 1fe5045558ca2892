"""A random company's events, and what its planted leaks really cost."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.companies.truth import (
    BEGIN,
    BROWSERS,
    CONSIDERATION,
    DAYS,
    EARLIER,
    FIELDS,
    INTEREST,
    KINDS,
    LANDINGS,
    OPPORTUNITY,
    SEND,
    SLOW,
    STEPS,
    WIN,
    Planted,
    Truth,
)

Row = dict[str, Any]
START = 1_767_225_600
HOUR, DAY = 3_600.0, 86_400.0
END = START + DAYS * DAY
MONTHS = DAYS / 30
REASONS = ("no budget", "student", "chose another")


@dataclass
class Company:
    """Events by time, and for each planted leak what it costs a month."""

    truth: Truth
    rows: list[Row] = field(default_factory=list)
    prices: dict[str, float] = field(default_factory=dict)


def make(truth: Truth, rng: Random) -> Company:
    """Return the company's 90 days."""
    company = Company(truth)
    costs: dict[Planted, float] = dict.fromkeys(truth.planted, 0.0)
    for number in range(truth.people):
        life = Life(truth, rng, f"p{number}", costs)
        company.rows += [row for row in life.tell() if row["timestamp"] < END]
    company.rows.sort(key=lambda row: float(row["timestamp"]))
    company.prices = {one.key: cost / MONTHS for one, cost in costs.items()}
    return company


class Life:
    """One person's way."""

    def __init__(self, truth: Truth, rng: Random, name: str, costs: dict[Planted, float]) -> None:
        self.truth, self.rng, self.name, self.costs = truth, rng, name, costs
        shares = truth.shares
        self.traits = {name: self._one(shares[name]) for name in ("channel", "device", "country", "seller")}
        self.traits["browser"] = rng.choice(BROWSERS[self.traits["device"]])
        self.landing = self._one(dict(LANDINGS))
        self.traits["landing_page_kind"] = KINDS[self.landing]
        campaign = self._one(shares["campaign"] | {"": 1 - sum(shares["campaign"].values())})
        self.traits |= {"campaign": campaign} if campaign else {}
        self.traits[SLOW] = "yes" if rng.random() < truth.slow else "no"
        self.at = END - rng.random() * (EARLIER + DAYS) * DAY

    def _one(self, shares: dict[str, float]) -> str:
        return self.rng.choices(list(shares), list(shares.values()))[0]

    def _goes_on(self, step: str) -> bool:
        """Throw the dice for a step, and note what those who are hit by a leak lose by it."""
        chance = self.truth.chance(step, self.traits)
        for one in self.truth.planted:
            if one.step == step and self.traits.get(one.dimension) == one.value and START <= self.at < END:
                self.costs[one] += (chance / one.factor - chance) * self._worth(step)
        return self.rng.random() < chance

    def _worth(self, step: str) -> float:
        """Return what somebody who takes the step brings on average."""
        worth = float(self.truth.value)
        for following in STEPS[STEPS.index(step) + 1 :]:
            worth *= average(self.truth, following)
        return worth

    def _row(self, event: str, at: float, **said: Any) -> Row:
        return {"person": self.name, "event": event, "timestamp": at, **said}

    def _view(self, path: str, at: float) -> Row:
        known = {name: self.traits[name] for name in ("device", "browser", "country")}
        first = {name: self.traits[name] for name in ("channel", "campaign") if name in self.traits}
        return self._row("page_viewed", at, path=path, **known, **first)

    def tell(self) -> Iterator[Row]:
        """Yield the events, also those after the end."""
        rng = self.rng
        yield self._view(self.landing, self.at)
        if not self._goes_on(INTEREST):
            return
        self.at += 2 * HOUR + rng.expovariate(1 / (2 * DAY))
        yield self._view("/product", self.at)
        if not self._goes_on(CONSIDERATION):
            return
        self.at += 2 * HOUR + rng.expovariate(1 / (3 * DAY))
        yield self._view("/vs/other", self.at)
        if rng.random() < self.truth.rates[BEGIN]:
            self.at += HOUR
            yield from self._form()

    def _form(self) -> Iterator[Row]:
        said = {"form": "Demo", "form_id": "demo"} | {n: self.traits[n] for n in ("device", "browser", "country")}
        yield self._row("form_started", self.at, **said)
        if not self._goes_on(SEND):
            broken = any(one.step == SEND and self.traits.get(one.dimension) == one.value for one in self.truth.planted)
            left = "employees" if broken and self.rng.random() < 0.6 else self.rng.choice(FIELDS)
            yield self._row("form_field_abandoned", self.at + 60, field=left, **said)
            return
        self.at += 180
        yield self._row("form_submitted", self.at, **said)
        trait = {"actor": "system", "trait": "email", "new": f"{self.name}@clinic.example"}
        yield self._row("trait_changed", self.at, **trait)
        yield from self._sell()

    def _sell(self) -> Iterator[Row]:
        rng, lead = self.rng, {"actor": "us", "lead_id": f"l-{self.name}", "owner": self.traits["seller"]}
        self.at += 60
        yield self._row("lead_handed_over", self.at, actor="system", lead_id=lead["lead_id"], form="Demo")
        becomes = self._goes_on(OPPORTUNITY)
        wait = rng.uniform(25, 100) * HOUR if self.traits[SLOW] == "yes" else min(rng.lognormvariate(1, 0.9), 23) * HOUR
        self.at += wait
        yield self._row("activity_logged", self.at, actor="us", direction="out", kind="call")
        if not becomes:
            event, reason = rng.choice(
                (("lead_accepted", ""), ("lead_rejected", rng.choice(REASONS)), ("lead_recycled", ""))
            )
            yield self._row(event, self.at + 60, **lead, **({"reason": reason} if reason else {}))
            return
        yield self._row("lead_accepted", self.at + 60, **lead)
        self.at += rng.uniform(0.2, 2) * DAY
        money = {"amount": str(int(self.truth.value * rng.uniform(0.8, 1.2))), "currency": "EUR"}
        deal = {"actor": "us", "deal": f"d-{self.name}", "owner": self.traits["seller"], "lead_id": lead["lead_id"]}
        yield self._row("deal_created", self.at, **deal, **money)
        is_won = self._goes_on(WIN)
        self.at += rng.uniform(4, 25) * DAY
        yield self._row("deal_won" if is_won else "deal_lost", self.at, **deal, **money)


def average(truth: Truth, step: str) -> float:
    """Return how likely a step is for anybody, planted leaks included."""
    rate = truth.rates[step]
    for one in truth.planted:
        if one.step == step:
            shares = {"yes": truth.slow, "Mobile Safari": 0.265} | truth.shares.get(one.dimension, {})
            rate *= 1 - shares[one.value] * (1 - one.factor)
    return rate
