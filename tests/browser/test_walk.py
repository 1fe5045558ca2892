"""Every page of the URLconf at three widths, light and dark: axe, nothing sideways, no complaint of the browser or of the CSP."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import axe
from tests.browser.test_inbox_in_the_browser import MAKE, PEOPLE, run_in
from tests.browser.walk import THEMES, addresses, opened, walk, wrong_with
from tests.kit import needs
from tests.kit.demo import demo
from tests.kit.server import running

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]
# Which pages a demo has that are reached by their URL's name alone; a part that is missing was not walked.
FLAGSHIPS = (
    "stages:home", "crm:inbox", "crm:deals", "crm:deal", "people:person", "crm:company", "crm:tasks", "crm:new-lead",
    "forms:build", "crm:promises", "workspaces:team", "people:list", "analytics:overview", "analytics:funnel",
    "analytics:trend", "analytics:retention", "analytics:paths", "analytics:attribution",
)  # fmt: skip
# What one of each kind of page is: a list, a board, a record, a form, settings, a question.
QUICK = (
    "", "inbox/?tab=pool", "deals/", "tasks/", "people/", "companies/", "new-lead/", "settings/team/", "settings/members/",
    "forms/new/", "funnel/", "sales/promises/",
)  # fmt: skip


@pytest.fixture
def script() -> str:
    if not (text := axe.script()):
        pytest.skip("axe-core could not be fetched from npm")
    return text


@pytest.fixture(scope="module")
def halden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    needs.chromium()
    with demo(tmp_path_factory.mktemp("walk")) as found:
        yield {"base": found["url"], "slug": "halden", "email": found["email"], "password": found["password"]}


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_wrong_with_any_page_of_the_demo(halden, chromium, script, theme):
    assert walk(chromium, halden, (theme,)) == {}


def test_the_walk_comes_to_the_flagships(halden, chromium, script):
    page = opened(chromium, halden["base"], halden["email"], halden["password"], "light")
    found = addresses(page.context, halden["base"], "halden")
    page.context.close()
    assert set(FLAGSHIPS) - set(found) == set()
    assert len(found) >= 70


@pytest.mark.deep(quick=True)
def test_nothing_is_wrong_with_one_page_of_each_kind(tmp_path, chromium, script):
    needs.chromium()
    with running(tmp_path / "data", FULLFUNNEL_WARM="0") as server:
        server.create_workspace()
        run_in(server, MAKE.format(people=PEOPLE))
        base = f"http://127.0.0.1:{server.port}"
        page = opened(chromium, base, "alice@halden.example", "correct horse battery", "light")
        found = {path: wrong_with(page, f"{base}/w/halden/{path}", script) for path in QUICK}
        page.emulate_media(color_scheme="dark")
        found |= {f"{path} (dark)": wrong_with(page, f"{base}/w/halden/{path}", script) for path in QUICK[:4]}
        page.context.close()
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
