"""How many planted leaks are found in random companies, how often there is an alarm about nothing, and how far prices are off.

    .venv/bin/python benchmarks/leaks.py [--companies 50] [--seed 1] [--verbose]

A company has 2,000 to 20,000 people in 90 days and 0 to 3 planted leaks: groups by channel, campaign, device, browser, country, page,
seller, or that waited over a day, which go on a quarter to a half as often. Each is so large that it is expected to lie 5.5 standard
errors below the others. Events are handed to the fold without a server. Found: the right step, dimension and value is told;
false_alarms: other leaks that are told. Prices are compared with what the generator knows. Prints one line of JSON.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
from benchmarks.companies.made import DAYS, START, Company, make
from benchmarks.companies.truth import random_truth

MOST_LEAKS = 3


def main() -> int:
    """Return 1 where what the issue asks for is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--verbose", action="store_true", help="say of each company what was missed or told for nothing"
    )
    args = parser.parse_args()
    began, planted, found, alarms, errors = time.monotonic(), 0, 0, 0, list[float]()
    for number in range(args.companies):
        rng = Random(f"{args.seed}-{number}")
        company = make(random_truth(rng, rng.randint(0, MOST_LEAKS)), rng)
        told = {leak["key"]: leak for leak in leaks_of(company)}
        met = company.prices.keys() & told.keys()
        planted, found, alarms = planted + len(company.prices), found + len(met), alarms + len(told) - len(met)
        errors += [abs(_price(told[key]) / company.prices[key] - 1) for key in met]
        if args.verbose and (told.keys() ^ company.prices.keys()):
            missed, wrong = sorted(company.prices.keys() - met), sorted(told.keys() - met)
            print(f"company {number}, {company.truth.people} people: missed {missed}, told {wrong}", file=sys.stderr)
    said = {
        "planted": planted,
        "found": found,
        "false_alarms": alarms,
        "price_error_median": round(statistics.median(errors), 3) if errors else None,
        "companies": args.companies,
        "seconds": round(time.monotonic() - began, 1),
    }
    print(json.dumps(said))
    return 0 if found >= 0.9 * planted and alarms <= 0.05 * args.companies else 1


def leaks_of(company: Company) -> list[dict[str, Any]]:
    """Ask the engine where this company loses people."""
    from fullfunnel.journeys.ask import answer
    from fullfunnel.journeys.datasets.file import dataset_of_rows

    question = {"kind": "leaks", "sells": "companies", "period": {"from": _day(0), "to": _day(DAYS - 1)}}
    leaks: list[dict[str, Any]] = answer(question, dataset_of_rows(company.rows))["leaks"]
    return leaks


def _day(number: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(START + number * 86_400))


def _price(leak: dict[str, Any]) -> float:
    return float(leak["per_month"]["amount"]) if leak["per_month"] else 0.0


if __name__ == "__main__":
    sys.exit(main())
