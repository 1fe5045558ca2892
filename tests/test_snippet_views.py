"""Which pages ff.js counts as viewed, and what it does when one of its items is refused."""

import json

import pytest

from tests.test_snippet import names, shop, world

pytestmark = [pytest.mark.serves, pytest.mark.browser, pytest.mark.deep]
__all__ = ["shop", "world"]

PREPARED = """Object.defineProperty(document, 'prerendering', {get: () => !window.isShown, configurable: true});"""
SHOW = "window.isShown = true; document.dispatchEvent(new Event('prerenderingchange'))"


def test_what_is_typed_into_the_query_of_an_address_is_no_view(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/list?utm_source=google")
        shop.arrivals(1)
        for query in ("", "?q=s", "?q=sh", "?q=sho", "?q=shoe"):
            page.evaluate("(query) => history.replaceState({}, '', '/list' + query)", query)
        page.evaluate("location.hash = 'part'")
        page.wait_for_timeout(200)
        assert len(shop.arrivals(1)) == 1
        page.evaluate("history.pushState({}, '', '/list?page=2')")
        shop.arrivals(2)
        page.evaluate("history.replaceState({}, '', '/item')")
        views = shop.arrivals(3)
    base = shop.site.url
    assert [(one.context["url"], one.context["referrer"]) for one in views[1:]] == [
        (f"{base}/list?page=2", f"{base}/list?q=shoe"),
        (f"{base}/item", f"{base}/list?page=2"),
    ]


def test_a_route_behind_the_hash_is_a_page(shop):
    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/app#/")
        shop.arrivals(1)
        page.evaluate("location.hash = '#/orders'")
        shop.arrivals(2)
        page.evaluate("history.replaceState({}, '', '#/orders?q=a')")
        page.evaluate("location.hash = '#!/old'")
        views = shop.arrivals(3)
        page.wait_for_timeout(200)
        assert len(shop.arrivals(3)) == 3
    assert [one.context["url"].partition("/app")[2] for one in views] == ["#/", "#/orders", "#!/old"]


def test_a_page_that_is_prepared_counts_once_it_is_shown(shop):
    with shop.visitor(PREPARED) as page:
        page.goto(f"{shop.site.url}/prepared")
        page.wait_for_function("window.ff && window.ff.on")
        page.evaluate("ff('track', 'Seen Early', {})")
        page.wait_for_timeout(300)
        assert shop.arrivals(0) == []
        assert page.evaluate("localStorage.ff_session") is None
        page.evaluate(SHOW)
        assert names(shop.arrivals(2)) == ["page_viewed", "Seen Early"]


def test_a_refused_body_costs_the_item_that_is_wrong_and_no_other(shop):
    """A server, or what stands before it, that refuses a body whole and names no item."""

    def answer(route):
        batch = json.loads(route.request.post_data)["batch"]
        if any(item.get("event") == "bad" for item in batch):
            route.fulfill(status=400, content_type="application/json", body='{"refused": []}')
        else:
            route.continue_()

    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/one")
        shop.arrivals(1)
        page.wait_for_function("localStorage.ff_queue === '[]'")
        page.route("**/v1/batch", answer)
        page.evaluate("for (const name of ['a', 'b', 'bad', 'c', 'd', 'e']) ff('track', name, {})")
        found = shop.arrivals(6)
        page.wait_for_function("localStorage.ff_queue === '[]'")
    assert names(found) == ["page_viewed", "a", "b", "c", "d", "e"]


def test_of_a_refused_body_the_items_that_it_names_are_gone_and_the_others_sent_again(shop):
    def answer(route):
        batch = json.loads(route.request.post_data)["batch"]
        bad = [{"index": place, "reason": "no"} for place, item in enumerate(batch) if item.get("event") == "bad"]
        if bad:
            route.fulfill(status=400, content_type="application/json", body=json.dumps({"refused": bad}))
        else:
            route.continue_()

    with shop.visitor() as page:
        page.goto(f"{shop.site.url}/one")
        shop.arrivals(1)
        page.wait_for_function("localStorage.ff_queue === '[]'")
        page.route("**/v1/batch", answer)
        page.evaluate("for (const name of ['a', 'bad', 'b']) ff('track', name, {})")
        found = shop.arrivals(3)
        page.wait_for_function("localStorage.ff_queue === '[]'")
    assert names(found) == ["page_viewed", "a", "b"]
