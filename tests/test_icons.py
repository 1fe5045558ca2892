"""Every icon that a page or the menu names is among those that are built: a missing one would be blank."""

import re
from pathlib import Path

from fullfunnel.config.wiring.navigation import NAV
from fullfunnel.config.wiring.shell import BEGIN

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)\"""")


def test_every_icon_that_is_named_is_built():
    built = (ROOT / "build_hooks" / "icons.txt").read_text().split()
    used = {name: page.name for page in ROOT.glob("src/**/*.html") for name in NAMED.findall(page.read_text())}
    used |= {icon: "the menu" for _, icon, *_ in [*NAV, BEGIN]}
    assert {name: where for name, where in used.items() if name not in built} == {}
    assert len(used) > 40
