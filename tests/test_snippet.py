"""ff.js in a real Chromium, on real pages, against the real server: what it sends is read from the journal."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.browser.chromium import browser
from tests.browser.shop import Shop, Site
from tests.kit.needs import chromium as need_chromium
from tests.kit.server import Server

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    need_chromium()
    server = Server(tmp_path_factory.mktemp("snippet") / "data")
    key = server.create_workspace()["write_key"]
    # The first source is a server's; what browsers send comes with a website's key.
    with closing(sqlite3.connect(server.directory / "main.db")) as main, main:
        main.execute("UPDATE workspaces_source SET kind = 'web'")
    server.start()
    site = Site(server.port, key)
    with browser() as chromium:
        yield server, site, chromium
    site.server.shutdown()
    site.server.server_close()
    server.kill()


@pytest.fixture
def shop(world):
    made = Shop(*world)
    yield made
    made.journal.close()


def names(arrivals):
    return [one.name for one in arrivals]


def test_a_page_view_says_what_page_from_where_in_which_session(shop):
    with shop.visitor() as page:
        address = f"{shop.site.url}/pricing?utm_source=google&utm_medium=cpc&gclid=Ab-1"
        page.goto(address, referer="https://www.google.com/")
        [view] = shop.arrivals(1)
        agent = page.evaluate("navigator.userAgent")
        assert page.evaluate("localStorage.ff_anon") == view.anonymous
    assert (view.name, view.user, view.properties) == ("page_viewed", None, {})
    assert view.context == {
        "url": address,
        "referrer": "https://www.google.com/",
        "timezone": "Europe/Berlin",
        "user_agent": agent,
    }
    assert len(view.session) == 36
    assert shop.errors == []


def test_moving_inside_a_single_page_application_is_a_page_view_and_moving_inside_a_page_is_not(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/app")
        shop.arrivals(1)
        page.evaluate("history.pushState({}, '', '/app/two')")
        shop.arrivals(2)
        page.evaluate("history.replaceState({x: 1}, '', '/app/two')")
        page.evaluate("location.hash = 'part'")
        page.wait_for_timeout(30)
        page.evaluate("history.pushState({}, '', '/app/three')")
        shop.arrivals(3)
        page.go_back()
        views = shop.arrivals(4)
        page.wait_for_timeout(200)
        assert len(shop.arrivals(4)) == 4
    base = shop.site.url
    assert [(one.context["url"], one.context["referrer"]) for one in views] == [
        (f"{base}/app", ""),
        (f"{base}/app/two", f"{base}/app"),
        (f"{base}/app/three", f"{base}/app/two"),
        (f"{base}/app/two#part", f"{base}/app/three"),
    ]
    assert len({one.session for one in views}) == 1
    assert len({one.anonymous for one in views}) == 1


def test_what_happens_as_the_page_goes_still_arrives(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/form")
        shop.arrivals(1)
        page.evaluate("addEventListener('pagehide', () => ff('track', 'Form Abandoned', {field: 'employees'}), true)")
        page.goto("about:blank")
        view, left = shop.arrivals(2)
    assert (left.name, left.properties) == ("Form Abandoned", {"field": "employees"})
    assert left.anonymous == view.anonymous


def test_what_a_server_that_was_down_did_not_hear_is_kept_over_a_new_page_and_sent_again_once_it_is_back(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/one")
        shop.arrivals(1)
        page.wait_for_function("localStorage.ff_queue === '[]'")
        shop.server.stop()
        page.evaluate("ff('track', 'While Down', {n: 1})")
        page.wait_for_function("localStorage.ff_queue !== '[]'")
        assert [one["event"] for one in json.loads(page.evaluate("localStorage.ff_queue"))] == ["While Down"]
        page.goto(f"{shop.site.url}/two")
        page.wait_for_function("JSON.parse(localStorage.ff_queue).length === 2")
        shop.server.start()
        # It waits longer from failure to failure.
        found = shop.arrivals(3)
        page.wait_for_function("localStorage.ff_queue === '[]'")
    assert names(found) == ["page_viewed", "While Down", "page_viewed"]
    assert all("ERR_CONNECTION" in error for error in shop.errors)


@pytest.mark.parametrize(
    "signal",
    [
        "Object.defineProperty(navigator, 'doNotTrack', {value: '1'})",
        "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})",
    ],
)
def test_a_browser_that_asks_not_to_be_tracked_is_not(shop, signal):
    with shop.visitor(signal) as page:
        page.goto(f"{shop.site.url}/pricing")
        page.wait_for_function("window.ff && ff.on")
        page.evaluate("ff('track', 'Secret'); ff('identify', 'u1', {email: 'a@b.c'})")
        page.evaluate("history.pushState({}, '', '/two')")
        page.wait_for_timeout(300)
        assert page.evaluate("[Object.keys(localStorage).join(), document.cookie]") == ["", ""]
        page.goto("about:blank")
    assert shop.requests == []
    assert shop.arrivals(0) == []


def test_with_consent_to_ask_for_nothing_is_kept_or_sent_before_it_and_all_is_forgotten_after_a_no(shop):
    shop.site.attributes = 'data-consent="ask"'
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/pricing?utm_source=news")
        page.wait_for_function("window.ff && ff.on")
        page.evaluate("ff('identify', 'u7', {plan: 'pro'})")
        page.wait_for_timeout(300)
        assert page.evaluate("[Object.keys(localStorage).join(), document.cookie]") == ["", ""]
        assert shop.requests == []
        page.evaluate("ff('consent', true)")
        view, known = shop.arrivals(2)
        assert (view.name, known.name, known.user) == ("page_viewed", "person_identified", "u7")
        page.wait_for_function("localStorage.ff_queue === '[]'")
        page.evaluate("ff('consent', false); ff('track', 'Secret')")
        page.goto(f"{shop.site.url}/two")
        page.wait_for_function("window.ff && ff.on")
        page.wait_for_timeout(300)
        assert page.evaluate("Object.keys(localStorage).join()") == "ff_consent"
    assert len(shop.arrivals(2)) == 2


NOTHING_KEPT = "[Object.keys(localStorage).join(), Object.keys(sessionStorage).join(), document.cookie]"


def stored_by(page):
    """What the browser holds for this visitor: cookies, storages, databases."""
    return [*page.evaluate(NOTHING_KEPT), *page.context.cookies(), *page.evaluate("indexedDB.databases()")]


@pytest.mark.parametrize("way", ["attribute", "call"])
def test_cookieless_nothing_is_kept_and_two_pages_are_one_visitor(shop, way):
    if way == "attribute":
        shop.site.attributes = "data-cookieless"
    else:
        shop.site.before = "<script src='/cookieless.js'></script>"
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/one?utm_source=news")
        shop.arrivals(1)
        page.goto(f"{shop.site.url}/two")
        one, two = shop.arrivals(2)
        page.evaluate("ff('identify', 'ada'); ff('track', 'Order Completed'); ff('group', 'acme')")
        known, order, firm = shop.arrivals(5)[2:]
        assert stored_by(page) == ["", "", ""]
        page.goto(f"{shop.site.url}/three")
        three = shop.arrivals(6)[5]
    assert one.anonymous == two.anonymous == three.anonymous
    assert len(one.anonymous) == 32
    assert (one.session, one.context["url"].endswith("/one?utm_source=news")) == (None, True)
    # Who said a name is known on this page, and not by the day's id.
    assert [(event.user, event.anonymous) for event in (known, order, firm, three)] == [
        ("ada", None), ("ada", None), ("ada", None), (None, one.anonymous)
    ]  # fmt: skip
    assert shop.errors == []


def test_cookieless_takes_away_what_was_kept_before_but_not_a_no(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/one")
        shop.arrivals(1)
        page.evaluate("document.cookie = 'ff_anon=x; path=/'; localStorage.other = 'of the site'")
        shop.site.attributes = "data-cookieless"
        page.goto(f"{shop.site.url}/two")
        shop.arrivals(2)
        assert stored_by(page) == ["other", "", ""]
        page.evaluate("localStorage.ff_consent = '0'")
        page.goto(f"{shop.site.url}/three")
        page.wait_for_function("window.ff && ff.on")
        page.wait_for_timeout(200)
        assert len(shop.arrivals(2)) == 2
        page.evaluate("localStorage.clear()")
    assert shop.errors == []


def test_it_works_on_a_page_with_a_strict_content_security_policy(shop):
    shop.site.csp = (
        f"default-src 'none'; script-src 'self'; connect-src {shop.site.capture}; style-src 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'"
    )
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/strict")
        [view] = shop.arrivals(1)
    assert view.context["url"].endswith("/strict")
    assert shop.errors == []


def test_calls_made_before_it_is_loaded_are_not_lost(shop):
    shop.site.before = '<script src="/early.js"></script>'
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/early")
        found = shop.arrivals(2)
    assert names(found) == ["page_viewed", "Early"]
    assert found[1].properties == {"a": "1"}


def test_who_it_is_goes_with_every_event_until_reset(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/app")
        page.wait_for_function("window.ff && ff.on")
        page.evaluate(
            """ff('identify', 'u1', {email: 'ada@h.example', address: {city: 'Berlin'}});
               ff('group', 'acme', {name: 'Acme'});
               ff('track', 'Order Completed', {revenue: 12.5, items: [1, 2]});
               ff('alias', 'u2');
               ff('page', 'Docs', {section: 'api'});
               ff('reset');
               ff('track', 'After')"""
        )
        view, known, firm, order, alias, docs, after = shop.arrivals(7)
    assert (known.user, known.email, known.traits["address"]) == ("u1", "ada@h.example", {"city": "Berlin"})
    assert (firm.name, firm.company, firm.traits) == ("company_identified", "acme", {"name": "Acme"})
    assert (order.name, order.user, order.company) == ("order_completed", "u1", "acme")
    assert order.properties == {"revenue": "12.5", "items": "[1,2]"}
    assert (alias.user, alias.previous) == ("u2", view.anonymous)
    assert docs.properties == {"name": "Docs", "section": "api"}
    assert (after.user, after.company) == (None, None)
    assert after.anonymous != view.anonymous
    assert after.session != view.session


def test_nothing_hostile_reaches_the_page_or_the_prototype(shop):
    shop.site.attributes = "data-consent='\"><script>boom()</script>' data-pages='__proto__'"
    with shop.visitor("localStorage.ff_queue = '{\"__proto__\": 1}'; localStorage.ff_session = '[[[';") as page:
        page.goto(f"{shop.site.url}/a?__proto__[x]=1&constructor[prototype][y]=2&utm_source=__proto__#%E0%A4%A")
        page.wait_for_function("window.ff && ff.on")
        shop.arrivals(1)
        page.evaluate(
            """() => {
              const loop = {}; loop.self = loop;
              ff('track', 'Loop', loop); ff('__proto__'); ff('constructor', 1); ff('toString'); ff(); ff(null); ff({});
              ff('track', Symbol('x')); ff('identify', null); ff('group'); ff('alias'); ff('page', null);
              ff('track', 'Evil', JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"p": 1}}, "ok": 1}'));
            }"""
        )
        found = shop.arrivals(4)
        assert page.evaluate("[({}).polluted, ({}).p, ({}).x, ({}).y].every(v => v === undefined)")
        assert page.evaluate("Object.keys(Object.prototype).length") == 0
    evil = next(one for one in found if one.name == "Evil")
    assert evil.properties == {"ok": "1"}
    assert shop.errors == []


def test_without_local_storage_a_cookie_remembers_who_it_is(shop):
    with shop.visitor("Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied') }})") as page:
        page.goto(f"{shop.site.url}/one")
        shop.arrivals(1)
        page.goto(f"{shop.site.url}/two")
        first, second = shop.arrivals(2)
        assert "ff_anon=" in page.evaluate("document.cookie")
    assert first.anonymous == second.anonymous
    assert first.session == second.session
    assert shop.errors == []


def test_without_a_key_it_stands_still(shop):
    shop.site.before = '<script async src="/ff.js"></script>'
    shop.site.attributes = 'data-off data-key=""'
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/nokey")
        page.wait_for_timeout(200)
    assert len(shop.arrivals(0)) <= 1
    assert shop.errors == []
