"""Countries: the one that a time zone lies in, from the time zone database itself. No address is looked up anywhere."""

from functools import cache
from importlib.resources import files


@cache
def _countries() -> dict[str, str]:
    """Time zone → country (ISO 3166, two letters), old names of zones included."""
    folder = files("tzdata") / "zoneinfo"
    found: dict[str, str] = {}
    for line in (folder / "zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            found[zone] = country
    # "L target name" is a link: name is another (mostly older) name of target.
    links = [line.split()[1:3] for line in (folder / "tzdata.zi").read_text().splitlines() if line.startswith("L ")]
    for target, name in links * 2:
        if target in found:
            found.setdefault(name, found[target])
    return found


def country_of(timezone: str) -> str:
    """`Europe/Berlin` → `DE`; "" where the zone is of no country (`UTC`) or unknown."""
    return _countries().get(timezone, "")
