"""Where a visit came from, also by a damaged link, an app, or on the way back from where one pays."""

import pytest

from fullfunnel.capture.channels import fullfunnel_channel, ga4_channel
from fullfunnel.capture.enrich import enrich
from fullfunnel.capture.touches import touch_of
from fullfunnel.events.event import Arrival, Draft

SHOP = "https://shop.example"
NEWSLETTER = ("newsletter", "email", "may")


def named(link, referrer=""):
    touch = touch_of(SHOP + link, referrer)
    return touch.source, touch.medium, touch.campaign


@pytest.mark.parametrize(
    "link",
    [
        "/?utm_source=newsletter&amp;utm_medium=email&amp;utm_campaign=may",
        "/?utm_source=newsletter&amp;amp;utm_medium=email&amp;amp;utm_campaign=may",
        "/?a=1?utm_source=newsletter&utm_medium=email&utm_campaign=may",
        "/?utm_source=newsletter?utm_medium=email?utm_campaign=may",
        "/?utm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Dmay",
        "/?utm_source=newsletter%26utm_medium%3Demail%26utm_campaign%3Dmay",
        "/%3Futm_source%3Dnewsletter%26utm_medium%3Demail%26utm_campaign%3Dmay",
        "/%3Futm_source=newsletter&utm_medium=email&utm_campaign=may",
        "/#utm_source=newsletter&utm_medium=email&utm_campaign=may",
        "/#?utm_source=newsletter&utm_medium=email&utm_campaign=may",
        "/app#/pricing?utm_source=newsletter&utm_medium=email&utm_campaign=may",
        "/?utm_source=Newsletter&utm_medium=EMAIL&utm_campaign=may#utm_source=other",
    ],
)
def test_a_link_that_was_damaged_on_its_way_still_says_its_campaign(link):
    assert named(link) == NEWSLETTER


@pytest.mark.parametrize(
    "link",
    [
        "/?next=https://x.example/?utm_source=evil",
        "/?next=https%3A%2F%2Fx.example%2F%3Futm_source%3Devil%26utm_medium%3Dx",
        "/?q=what%3Dthis",
        "/#access_token=abc&state=1",
        "/a%3Fb",
    ],
)
def test_an_address_inside_an_address_is_no_campaign(link):
    assert named(link) == ("(direct)", "(none)", "")


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("/app#/orders", "/app#/orders"),
        ("/app#!/orders?page=2", "/app#!/orders"),
        ("#/orders", "/#/orders"),
        ("/app#part", "/app"),
        ("/app#utm_source=a", "/app"),
        ("/%3Futm_source%3Da", "/"),
    ],
)
def test_a_route_behind_the_hash_belongs_to_the_path(link, path):
    assert touch_of(SHOP + link, "").path == path


@pytest.mark.parametrize(
    "host",
    [
        "checkout.stripe.com", "www.paypal.com", "pay.klarna.com", "checkoutshopper-live.adyen.com", "accounts.google.com",
        "login.microsoftonline.com", "centinelapi.cardinalcommerce.com", "firm.okta.com", "shop-example.translate.goog",
    ],
)  # fmt: skip
def test_coming_back_from_where_one_pays_or_signs_in_is_no_touch(host):
    touch = touch_of(SHOP + "/thanks", f"https://{host}/")
    assert (touch.source, touch.medium, touch.referrer_host) == ("", "", "")
    assert named("/?utm_source=newsletter&utm_medium=email&utm_campaign=may", f"https://{host}/") == NEWSLETTER


@pytest.mark.parametrize(
    "host", ["stripe.com", "www.google.com", "notpaypal.com", "paypal.com.evil.example", "mail.google.com"]
)
def test_other_hosts_keep_their_credit(host):
    assert touch_of(SHOP + "/", f"https://{host}/").source != ""


def test_a_workspaces_own_hosts_take_no_credit_and_other_workspaces_keep_theirs():
    def draft(workspace_id):
        context = {"url": SHOP + "/thanks", "referrer": "https://secure.pay.example.com/"}
        arrival = Arrival(name="page_viewed", at=1, id="m", anonymous="a", context=context)
        return Draft(arrival=arrival, workspace_id=workspace_id, source_id=1, source_kind="web", received_at=1, seq=1)

    mine, other = enrich([draft(1), draft(2)], {1: ("pay.example.com",)})
    assert (mine.columns.get("source"), mine.columns.get("channel")) == (None, None)
    assert (other.columns["source"], other.columns["channel"]) == ("secure.pay.example.com", "Referral")


@pytest.mark.parametrize(
    ("app", "source", "channel"),
    [
        ("android-app://com.linkedin.android", "linkedin", "Organic Social"),
        ("android-app://com.facebook.katana/", "facebook", "Organic Social"),
        ("android-app://com.google.android.gm/", "gmail", "Email"),
        ("android-app://com.microsoft.office.outlook/", "outlook", "Email"),
        ("android-app://com.slack/", "slack", "Referral"),
        ("android-app://com.google.android.googlequicksearchbox/", "google", "Organic Search"),
        ("ios-app://284882215/fb/x", "facebook", "Organic Social"),
        ("ios-app://422689480/", "gmail", "Email"),
        ("android-app://org.acme.reader/", "org.acme.reader", "Referral"),
    ],
)
def test_an_app_is_named_as_people_know_it_and_has_its_channel_in_both_groups(app, source, channel):
    touch = touch_of(SHOP + "/", app)
    assert touch.source == source
    assert ga4_channel(touch.source, touch.medium) == fullfunnel_channel(touch.source, touch.medium) == channel


@pytest.mark.parametrize(
    ("source", "ways"),
    [
        (
            "facebook",
            [
                "?utm_source=Facebook",
                "?utm_source=fb",
                "?utm_source=facebook.com",
                "?fbclid=a",
                "https://l.facebook.com/",
            ],
        ),
        ("linkedin", ["?utm_source=LinkedIn", "?li_fat_id=a", "https://www.linkedin.com/", "https://lnkd.in/x"]),
        ("twitter", ["?utm_source=Twitter", "?twclid=a", "https://t.co/x", "https://x.com/"]),
        ("google", ["?utm_source=Google", "?utm_source=google.com", "?gclid=a", "https://www.google.de/"]),
        ("acme", ["?utm_source=ACME", "?utm_source=acme"]),
    ],
)
def test_one_source_has_one_spelling(source, ways):
    found = {(touch_of(SHOP + "/" + way, "") if way[0] == "?" else touch_of(SHOP + "/", way)).source for way in ways}
    assert found == {source}


@pytest.mark.parametrize(
    ("query", "medium"),
    [
        ("utm_source=google&gclid=a", "cpc"),
        ("utm_source=youtube&gclid=a", "cpc"),
        ("utm_source=linkedin&gclid=a&li_fat_id=b", "cpc"),
        ("utm_source=facebook&gclid=a", "(not set)"),
        ("utm_source=newsletter&gclid=a", "(not set)"),
        ("utm_source=google&utm_medium=banner&gclid=a", "banner"),
        ("utm_source=fb&fbclid=a", "social"),
    ],
)
def test_a_click_id_gives_the_missing_medium_of_its_own_network(query, medium):
    assert touch_of(f"{SHOP}/?{query}", "").medium == medium


@pytest.mark.parametrize(
    "query", ["?utm_source=" + "%26utm_a%3D" * 5_000, "a?" * 5_000, "amp;" * 5_000 + "=1", "%3d" * 5_000]
)
def test_no_address_takes_long(query):
    from time import process_time

    began = process_time()
    touch_of(f"{SHOP}/?{query}", "")
    assert process_time() - began < 1
