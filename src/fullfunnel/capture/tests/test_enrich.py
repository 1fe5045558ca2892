"""What enrichment makes of an arrival: device, touch, channel, country, money; bots and personal ids go."""

import pytest

from fullfunnel.capture.enrich import enrich
from fullfunnel.capture.touches import registrable, search_engine, touch_of, without_personal_ids
from fullfunnel.events.event import Arrival, Draft

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
HEADLESS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36"
)


def draft(context=None, properties=None, *, kind="web", agent=CHROME, name="page_viewed"):
    arrival = Arrival(name=name, at=1, id="m", anonymous="a", context=context or {}, properties=properties or {})
    return Draft(arrival=arrival, workspace_id=1, source_id=1, source_kind=kind, received_at=1, seq=1, user_agent=agent)


def enriched(*args, **kwargs):
    [made] = enrich([draft(*args, **kwargs)])
    return made


def visit(url, referrer="", **context):
    made = enriched({"url": url, "referrer": referrer} | context)
    return [made.columns.get(name) for name in ("source", "medium", "campaign", "channel")]


@pytest.mark.parametrize(
    ("url", "referrer", "touch"),
    [
        (
            "https://h.example/?utm_source=google&utm_medium=cpc&utm_campaign=brand",
            "",
            ["google", "cpc", "brand", "Paid Search"],
        ),
        ("https://h.example/?utm_source=news", "", ["news", "(not set)", None, "Unassigned"]),
        ("https://h.example/?UTM_Source=News&utm_medium=Email", "", ["news", "email", None, "Email"]),
        ("https://h.example/?utm_campaign=q3", "", ["(not set)", "(not set)", "q3", "Unassigned"]),
        ("https://h.example/?utm_campaign=q3&gclid=abc", "", ["google", "cpc", "q3", "Paid Search"]),
        ("https://h.example/?utm_source=google&gclid=abc", "", ["google", "cpc", None, "Paid Search"]),
        ("https://h.example/?mtm_source=x&mtm_medium=social", "", ["x", "social", None, "Organic Social"]),
        ("https://h.example/?gclid=abc", "https://www.google.com/", ["google", "cpc", None, "Paid Search"]),
        ("https://h.example/?gad_source=1", "https://www.google.com/", ["google", "cpc", None, "Paid Search"]),
        ("https://h.example/?gclid=<script>", "", ["(direct)", "(none)", None, "Direct"]),
        ("https://h.example/?dclid=abc", "", ["google", "display", None, "Display"]),
        ("https://h.example/?msclkid=a", "https://www.bing.com/", ["bing", "cpc", None, "Paid Search"]),
        ("https://h.example/?li_fat_id=a", "", ["linkedin", "cpc", None, "Paid Social"]),
        ("https://h.example/?ScCid=a", "", ["snapchat", "cpc", None, "Paid Social"]),
        ("https://h.example/?fbclid=a", "https://l.facebook.com/", ["facebook", "social", None, "Organic Social"]),
        ("https://h.example/?srsltid=a", "", ["google", "organic shopping", None, "Organic Search"]),
        ("https://h.example/?irclickid=a", "", ["impact", "affiliate", None, "Affiliates"]),
        ("https://h.example/?mc_eid=a", "", ["mailchimp", "email", None, "Email"]),
        ("https://h.example/", "https://www.google.co.uk/search", ["google", "organic", None, "Organic Search"]),
        ("https://h.example/", "https://google.com", ["google", "organic", None, "Organic Search"]),
        ("https://h.example/", "https://duckduckgo.com/", ["duckduckgo", "organic", None, "Organic Search"]),
        ("https://h.example/", "https://uk.search.yahoo.com/", ["yahoo", "organic", None, "Organic Search"]),
        (
            "https://h.example/",
            "android-app://com.google.android.googlequicksearchbox/",
            ["google", "organic", None, "Organic Search"],
        ),
        ("https://h.example/", "https://mail.google.com/", ["mail.google.com", "referral", None, "Referral"]),
        ("https://h.example/", "https://www.linkedin.com/feed", ["linkedin", "referral", None, "Organic Social"]),
        ("https://h.example/", "https://t.co/x", ["twitter", "referral", None, "Organic Social"]),
        ("https://h.example/", "https://www.blog.example/x", ["blog.example", "referral", None, "Referral"]),
        ("https://h.example/", "", ["(direct)", "(none)", None, "Direct"]),
        ("https://h.example/b", "https://h.example/a", [None, None, None, None]),
        ("https://www.h.example/b", "https://shop.h.example/a", [None, None, None, None]),
        ("https://h.co.uk/b", "https://other.co.uk/a", ["other.co.uk", "referral", None, "Referral"]),
        ("http://[bad", "http://[bad", [None, None, None, None]),
    ],
)
def test_where_a_visit_came_from(url, referrer, touch):
    assert visit(url, referrer) == touch


def test_a_client_that_does_not_say_where_it_came_from_did_not_come_directly():
    assert "channel" not in enriched({"url": "https://h.example/docs"}).columns
    assert enriched({"url": "https://h.example/docs"}).columns["path"] == "/docs"


def test_campaign_values_that_the_client_names_go_before_those_of_the_address():
    found = visit("https://h.example/?utm_source=a&utm_term=t", campaign={"source": "google", "medium": "cpc"})
    assert found == ["google", "cpc", None, "Paid Search"]
    assert enriched({"campaign": {"source": "google", "medium": "cpc"}}, kind="server").columns == {
        "source": "google",
        "medium": "cpc",
        "channel": "Paid Search",
    }


def test_a_visit_has_its_columns():
    context = {
        "url": "https://h.example/pricing?utm_source=g&utm_medium=cpc&utm_term=shift&utm_content=a1&utm_id=77&gclid=Ab-1",
        "referrer": "https://www.google.de/",
        "timezone": "Europe/Berlin",
        "user_agent": IPHONE,
    }
    made = enriched(context, {"title": "Prices", "path": "/pricing"})
    assert made.columns == {
        "source": "g",
        "medium": "cpc",
        "term": "shift",
        "content": "a1",
        "channel": "Paid Other",
        "referrer_host": "google.de",
        "path": "/pricing",
        "device": "mobile",
        "os": "iOS",
        "browser": "Mobile Safari",
        "country": "DE",
    }
    assert made.arrival.properties == {"title": "Prices", "utm_id": "77", "gclid": "Ab-1"}
    assert made.dropped is None


def test_bots_are_dropped_with_their_name_and_the_rest_of_the_batch_goes_on():
    drafts = enrich(
        [draft({}, agent=GOOGLEBOT), draft({}), draft({"user_agent": HEADLESS}), draft({}, agent="Slackbot 1.0")]
    )
    assert [one.dropped for one in drafts] == ["bot: Googlebot", None, "bot: HeadlessChrome", "bot: Slackbot"]


def test_a_headless_browser_on_a_page_of_this_machine_is_a_developers_test():
    made = enriched({"url": "http://127.0.0.1:8000/", "user_agent": HEADLESS})
    assert (made.dropped, made.columns.get("device")) == (None, None)


def test_a_server_is_not_the_person():
    assert enriched({}, kind="server", agent=CHROME).columns == {}
    assert enriched({}, kind="server", agent=GOOGLEBOT).dropped is None
    assert enriched({"user_agent": CHROME}, kind="server").columns["device"] == "desktop"


def test_a_mobile_client_names_its_system_itself():
    found = enriched({"os": "iOS", "device": "tablet"}, agent="Segment/1 CFNetwork").columns
    assert (found["os"], found["device"]) == ("iOS", "tablet")


@pytest.mark.parametrize(
    ("sent", "columns", "left"),
    [
        ({"revenue": "129.9", "currency": "brl"}, {"revenue": "129.9", "currency": "BRL"}, {}),
        ({"revenue": "1.23456"}, {"revenue": "1.2346"}, {}),
        ({"revenue": "-5.00"}, {"revenue": "-5"}, {}),
        ({"revenue": "0"}, {"revenue": "0"}, {}),
        ({"revenue": "1e3"}, {"revenue": "1000"}, {}),
        ({"revenue": "12,50 €"}, {}, {"raw_revenue": "12,50 €"}),
        ({"revenue": "1e20"}, {}, {"raw_revenue": "1e20"}),
        ({"revenue": "NaN", "currency": "euro"}, {}, {"raw_revenue": "NaN", "raw_currency": "euro"}),
        ({"device": "kiosk", "plan": "pro"}, {"device": "kiosk"}, {"plan": "pro"}),
        ({"source": "google", "medium": "cpc"}, {"source": "google", "medium": "cpc", "channel": "Paid Search"}, {}),
        ({"channel": "Stand"}, {"channel": "Stand"}, {}),
    ],
)
def test_a_property_with_a_column_of_its_own_moves_there(sent, columns, left):
    made = enriched({}, sent, kind="server")
    assert (made.columns, made.arrival.properties) == (columns, left)


def test_drafts_of_our_own_actions_are_only_promoted():
    made = enriched({"user_agent": GOOGLEBOT, "url": "https://h.example/"}, {"revenue": "5"}, kind="", agent="")
    assert (made.columns, made.dropped) == ({"revenue": "5"}, None)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://h.example/?mc_eid=abc&x=1", "https://h.example/?x=1"),
        ("https://h.example/?x=1&mkt_tok=abc", "https://h.example/?x=1"),
        ("https://h.example/?x=1&_hsenc=a&_hsmi=b&y=2#top", "https://h.example/?x=1&y=2#top"),
        ("https://h.example/?x=1&_gl=1*abc#top", "https://h.example/?x=1#top"),
        ("https://h.example/?MC_EID=abc", "https://h.example/"),
        ("?_ga=1.2.3&a=b", "?a=b"),
        ("https://h.example/?xmc_eid=abc", "https://h.example/?xmc_eid=abc"),
        ("mc_eid", "mc_eid"),
    ],
)
def test_ids_that_name_a_person_are_cut_out_of_addresses(url, kept):
    assert without_personal_ids(url) == kept


def test_no_personal_id_is_left_in_what_is_stored():
    sent = {
        "url": "https://h.example/?mc_eid=SECRET&gclid=ok",
        "search": "?mc_eid=SECRET",
        "referrer": "https://m.example/?_hsenc=SECRET",
        "mkt_tok": "SECRET",
        "_ga": "SECRET",
    }
    made = enriched({"url": "https://h.example/?mc_eid=SECRET&mc_cid=c9&gclid=ok", "referrer": ""}, sent)
    assert "SECRET" not in str(made.arrival.properties) + str(made.columns)
    assert made.arrival.properties["gclid"] == "ok"
    assert made.arrival.properties["mc_cid"] == "c9"


def test_repeating_gives_the_same():
    def make():
        context = {"url": "https://h.example/?gclid=a", "referrer": "", "user_agent": IPHONE}
        return draft(context, {"revenue": "5", "url": "https://h.example/?mc_eid=1"})

    assert enrich([make()]) == enrich([make()])


def test_domains_and_engines():
    assert registrable("a.b.shop.co.uk") == "shop.co.uk"
    assert registrable("a.h.example") == "h.example"
    assert registrable("127.0.0.1") == "127.0.0.1"
    assert registrable("localhost") == "localhost"
    assert [search_engine(host) for host in ("www.google.de", "docs.google.com", "google", "bing.com", "ya.ru")] == [
        "google",
        None,
        None,
        "bing",
        "yandex",
    ]
    assert touch_of("/only/a/path", None).path == "/only/a/path"
