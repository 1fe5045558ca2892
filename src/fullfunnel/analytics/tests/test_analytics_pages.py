"""The pages of analytics over a real store: what they show, whom they let change what, and what they say of bad input."""

import csv
import io
import json
from datetime import timedelta

import pytest

from fullfunnel.analytics.models import SavedQuestion
from tests.kit.cast import days_ago

PAGES = "/w/halden/"
HOME = f"{PAGES}overview/"
FUNNEL = "/w/halden/funnel/"
LINK = "s1=page_viewed&s2=form_submitted&period=30d"


@pytest.fixture
def visits(ada, ben, cleo):
    """Ada sends the form, Ben came long ago and did not, Cleo came yesterday and still can."""
    came = days_ago(20)
    ada.visits("/pricing", at=came)
    ada.submits("demo", at=came + timedelta(hours=2))
    ben.visits("/pricing", at=days_ago(25))
    cleo.visits("/", at=days_ago(1))


def body(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_the_answer_says_who_reached_is_pending_and_lost(visits, carol):
    response = carol.client.get(f"{FUNNEL}?{LINK}")
    rows = response.context["rows"]
    assert [(row.label, row.count, row.dropped, row.pending) for row in rows] == [
        ("Page viewed", 3, 0, 0),
        ("Form submitted", 1, 1, 1),
    ]
    assert rows[1].seconds["median"] == 7200.0
    assert "3 people began with “Page viewed” in the last 30 days; 1 reached “Form submitted”." in body(response)
    # Below 20 there is no percentage.
    assert "1 of 3" in body(response)


def test_without_a_question_the_builder_suggests_one_of_what_was_seen(visits, carol):
    response = carol.client.get(FUNNEL)
    assert [step.events for step in response.context["fields"].steps] == [("page_viewed",), ("form_submitted",)]
    assert '<option value="form_submitted">' in body(response)


def test_htmx_gets_the_answer_alone_with_the_sentence(visits, carol):
    response = carol.client.get(f"{FUNNEL}?{LINK}", headers={"HX-Request": "true", "HX-Target": "result"})
    assert body(response).lstrip().startswith('<section id="result"')
    assert 'id="said" hx-swap-oob="true"' in body(response)
    assert 'data-link="/w/halden/funnel/?s1=page_viewed&amp;s2=form_submitted&amp;period=30d"' in body(response)


def test_a_press_changes_the_builder_and_keeps_the_focus(visits, carol):
    response = carol.client.get(f"{FUNNEL}?{LINK}&do=up:1", headers={"HX-Request": "true", "HX-Target": "result"})
    assert response["HX-Retarget"] == "#builder"
    assert [step.events for step in response.context["fields"].steps] == [("form_submitted",), ("page_viewed",)]
    assert response.context["focus"] == "s1-e0"
    assert response.context["link"] == "s1=form_submitted&s2=page_viewed&period=30d"


def test_a_press_works_without_javascript(visits, carol):
    response = carol.client.get(f"{FUNNEL}?{LINK}&do=add-step")
    assert 'id="s3-e0"' in body(response)
    assert "<html" in body(response)


@pytest.mark.parametrize(
    ("wrong", "control", "said"),
    [
        ("s1=a&s2=b&window=soon", "window", "must be a number"),
        ("s1=a&s1.p=path&s1.op=like&s1.v=x", "s1-0-op", "is no operator"),
        ("s1=a&s1.p=seats&s1.op=%3E&s1.v=many", "s1-0-v", "compares numbers"),
        ("s1=a&s2=b&period=custom&from=2026-03-01&to=2026-02-01", "to", "must not be before"),
        ("s1=a&s2=b&tz=Mars", "tz", "is no time zone"),
        ("s1=a&s2=b&count=cats", "count", "is not known"),
        ("s1=a&s2=b&by=device&by.limit=none", "by-limit", "must be a whole number"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(visits, carol, wrong, control, said):
    response = carol.client.get(f"{FUNNEL}?{wrong}")
    asked = response.context["asked"]
    assert asked.control == control
    assert said in asked.message
    assert f'data-control="{control}"' in body(response)


@pytest.mark.parametrize(
    "strange",
    [
        "s1",
        "s1=%00",
        "s99=a",
        "s1=a&do=up:x",
        "s1=a&s2=" + "b" * 3000,
        "saved=99999",
        "s1=a&period=x",
        "saved=" + "9" * 5000,
        "saved=" + "9" * 30,
        "s1=a&do=up:" + "9" * 5000,
    ],
)
def test_a_strange_address_is_no_error_of_ours(visits, carol, strange):
    body(carol.client.get(f"{FUNNEL}?{strange}"))


def test_the_people_behind_each_part_of_a_bar(visits, carol, ada, ben, cleo):
    def behind(outcome):
        response = carol.client.get(f"{FUNNEL}people/?{LINK}&step=2&outcome={outcome}")
        assert response.status_code == 200
        return [row["person"] for row in response.context["people"]]

    assert behind("reached") == [ada.person]
    assert behind("dropped") == [ben.person]
    assert behind("pending") == [cleo.person]


def test_the_people_open_in_the_drawer_and_as_a_page(visits, carol):
    address = f"{FUNNEL}people/?{LINK}&step=1&outcome=reached"
    assert "<html" in body(carol.client.get(address))
    drawer = body(carol.client.get(address, headers={"HX-Request": "true", "HX-Target": "drawer-body"}))
    assert "<html" not in drawer
    assert "drawer-head" in drawer


def test_a_breakdown_shows_groups_and_their_people(website, carol, ada, ben):
    ada.does("page_viewed", at=days_ago(3), plan="team")
    ben.does("page_viewed", at=days_ago(3), plan="solo")
    response = carol.client.get(f"{FUNNEL}?s1=page_viewed&by=plan")
    assert sorted((group.name, group.count) for group in response.context["groups"]) == [("solo", 1), ("team", 1)]
    people = carol.client.get(f"{FUNNEL}people/?s1=page_viewed&by=plan&step=1&outcome=reached&group=team")
    assert [row["person"] for row in people.context["people"]] == [ada.person]


def test_the_histogram_counts_those_who_converted(visits, carol):
    response = carol.client.get(f"{FUNNEL}time/?{LINK}")
    assert sum(row["count"] for row in response.context["bins"]) == 1
    assert "1 went all the way" in body(response)


def test_the_table_leaves_as_a_file_that_runs_no_formula(visits, website, carol, ada):
    ada.does("=1+1", at=days_ago(19))
    response = carol.client.get(f"{FUNNEL}table.csv?s1=page_viewed&s2=%3D1%2B1")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["group", "step", "label", "count"]
    assert rows[2][2:4] == ["'=1+1", "1"]


def test_a_table_that_cannot_be_made_says_why(visits, carol):
    response = carol.client.get(f"{FUNNEL}table.csv?s1=a&window=soon")
    assert response.status_code == 400
    assert b"must be a number" in response.content


def test_the_question_stands_there_as_json_for_the_api(visits, carol):
    response = carol.client.get(f"{FUNNEL}?{LINK}")
    assert json.loads(response.context["question_json"])["steps"] == [
        {"event": "page_viewed"},
        {"event": "form_submitted"},
    ]


def test_a_question_is_saved_reopened_renamed_and_put_in_the_place_of_itself(visits, carol):
    response = carol.client.post("/w/halden/saved/new/", {"name": " Visits to forms ", "link": LINK})
    saved = SavedQuestion.kept.get()
    assert (saved.name, saved.preset, saved.created_by) == ("Visits to forms", "30d", carol.user)
    assert response.url == f"{FUNNEL}?saved={saved.pk}&{LINK}"
    reopened = carol.client.get(f"{FUNNEL}?saved={saved.pk}")
    assert reopened.context["link"] == f"saved={saved.pk}&{LINK}"
    assert "<h1>Visits to forms</h1>" in body(reopened)
    carol.client.post("/w/halden/saved/new/", {"saved": saved.pk, "link": "s1=page_viewed"})
    carol.client.post(f"/w/halden/saved/{saved.pk}/", {"do": "rename", "name": "Visits"})
    saved.refresh_from_db()
    assert (saved.name, saved.question["steps"]) == ("Visits", [{"event": "page_viewed"}])
    assert SavedQuestion.objects.count() == 1


def test_viewers_read_and_change_nothing(visits, workspace, carol):
    carol.client.post("/w/halden/saved/new/", {"name": "Visits", "link": LINK})
    saved = SavedQuestion.kept.get()
    carol.user.memberships.update(role="viewer")
    assert carol.client.post("/w/halden/saved/new/", {"name": "Mine", "link": LINK}).status_code == 403
    assert carol.client.post(f"/w/halden/saved/{saved.pk}/", {"do": "delete"}).status_code == 403
    assert SavedQuestion.kept.get() == saved
    page = body(carol.client.get(f"{FUNNEL}?{LINK}"))
    assert "/saved/new/" not in page


def test_a_question_of_another_workspace_is_not_there(visits, carol, charlie):
    carol.client.post("/w/halden/saved/new/", {"name": "Visits", "link": LINK})
    saved = SavedQuestion.kept.get()
    assert charlie.client.post(f"/w/elsewhere/saved/{saved.pk}/", {"do": "delete"}).status_code == 404
    assert charlie.client.get(f"/w/elsewhere/funnel/?saved={saved.pk}").context["saved"] is None
    assert SavedQuestion.kept.get() == saved


def test_the_overview_counts_people_shows_the_pinned_funnel_and_what_arrived(visits, carol, ada):
    carol.client.post("/w/halden/saved/new/", {"name": "My road", "link": LINK})
    carol.client.post(f"/w/halden/saved/{SavedQuestion.kept.get().pk}/", {"do": "pin"})
    response = carol.client.get(f"{HOME}?whole=1")
    assert response.context["sentence"] == "3 people came in the last 90 days."
    assert response.context["funnel_title"] == "My road"
    assert [row.count for row in response.context["rows"]] == [3, 1]
    assert sum(response.context["trend"].events.chart["series"][0]["values"]) == 4
    assert [event.name for event in response.context["events"]].count("page_viewed") == 3


def test_the_overview_compares_with_the_days_before(visits, carol, ada):
    ada.visits("/", at=days_ago(40))
    response = carol.client.get(f"{PAGES}figures/?period=30d", headers={"HX-Request": "true"})
    assert '<span id="said" hx-swap-oob="true">3 people' in body(response)
    assert response.context["sentence"] == "3 people came in the last 30 days, 2 more than in the 30 days before (1)."


def test_what_was_refused_stands_there_with_its_reason(visits, workspace, website, carol):
    from fullfunnel.core import clock
    from fullfunnel.events.models import Refusal

    Refusal.objects.create(
        workspace=workspace, source_id=website.pk, received_at=clock.now(), reason="event has no name",
        item='{"event": ""}', journal_key="1:0",
    )  # fmt: skip
    page = body(carol.client.get(f"{PAGES}now/"))
    assert "event has no name" in page
    assert "1 in the last 24 hours" in page


def test_an_empty_workspace_says_what_will_be_here_and_the_next_step(website, carol, ada):
    page = body(carol.client.get(HOME))
    assert "ff.js" in page
    assert "/w/halden/settings/sources/" in page
    waiting = carol.client.get(f"{PAGES}now/?first=1")
    assert (waiting.status_code, "HX-Refresh" in waiting) == (204, False)
    ada.visits("/")
    assert carol.client.get(f"{PAGES}now/?first=1")["HX-Refresh"] == "true"


def test_an_empty_workspace_still_opens_the_builder_and_the_list(website, carol):
    assert "Your funnel will stand here" in body(carol.client.get(FUNNEL))
    assert "Questions you come back to" in body(carol.client.get("/w/halden/saved/"))


def test_no_page_carries_inline_code_or_style(visits, carol):
    import re

    for address in (
        HOME,
        f"{HOME}?whole=1",
        f"{FUNNEL}?{LINK}&by=device",
        "/w/halden/saved/",
        f"{FUNNEL}people/?{LINK}&step=1",
    ):
        page = body(carol.client.get(address))
        assert not re.search(r"\sstyle=|\son[a-z]+=", page), address
        assert not re.search(r"<script(?![^>]*(src=|application/json))", page), address


def test_the_funnel_over_time_counts_by_when_they_began(visits, carol):
    response = carol.client.get(f"{FUNNEL}over-time/?{LINK}&each=day")
    counted = [(row[1], row[2]) for row in response.context["table"].rows if row[1] != "0"]
    assert counted == [("1", "0"), ("1", "1"), ("1", "0")]
    assert response.context["has_open"]
    assert carol.client.get(f"{FUNNEL}over-time/?{LINK}&each=year").context["each"] == "week"


def test_a_held_property_is_asked_and_stays_in_the_link(visits, carol):
    response = carol.client.get(f"{FUNNEL}?{LINK}&hold=product, plan")
    assert response.context["asked"].question["hold"] == ["product", "plan"]
    assert "hold=product,+plan" in response.context["link"]
    assert carol.client.get(f"{FUNNEL}?{LINK}&hold=a,a").context["asked"].control == "hold"
