"""The pages of why and of what separates: over a real store, from the bar to the trace and back."""

import csv
import io
import re
from datetime import timedelta

import pytest

from fullfunnel.analytics.models import SavedQuestion
from fullfunnel.core import clock
from fullfunnel.events.event import Arrival
from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace
from tests.kit.cast import days_ago, drain, send

LINK = "s1=page_viewed&s2=form_submitted&period=30d&window=7"
WHY = f"/w/halden/funnel/why/?{LINK}"
DROP_OFF = f"/w/halden/funnel/drop-off/?{LINK}"


@pytest.fixture
def late(ada):
    """Ada looks at the price, and sends the form 8 days and 4 hours later."""
    came = days_ago(20)
    ada.visits("/pricing", at=came)
    ada.submits("demo", at=came + timedelta(days=8, hours=4))
    return ada.person


def body(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_the_trace_says_what_happened_and_what_would_have_changed_it(late, carol):
    page = body(carol.client.get(f"{WHY}&who={late.public_id}"))
    assert "9 days would have been enough: the window is 7 days" in page
    assert "It came 8\xa0d\xa04\xa0h after the entry began; the window is 7 days." in page
    assert "Taken for step 1, “Page viewed”." in page
    assert 'href="/w/halden/funnel/?s1=page_viewed&amp;s2=form_submitted&amp;window=7&amp;period=30d"' in page


def test_what_was_passed_over_again_and_again_is_one_line(late, ada, carol):
    for hours in (1, 2, 3):
        ada.visits("/about", at=days_ago(10) + timedelta(hours=hours))
    page = carol.client.get(f"{WHY}&who={late.public_id}&entries=first")
    lines = page.context["trace"]["events"]
    assert [(line["name"], line["step"], line["times"]) for line in lines] == [
        ("Page viewed", 1, 1),
        ("Form submitted", None, 1),
        ("Page viewed", None, 3),
    ]
    assert "3 times, until" in body(page)


def test_from_a_list_of_people_each_has_its_why(late, carol):
    listed = body(carol.client.get(f"/w/halden/funnel/people/?{LINK}&step=2&outcome=dropped"))
    assert (
        f"funnel/why/?s1=page_viewed&amp;s2=form_submitted&amp;window=7&amp;period=30d&amp;who={late.public_id}&amp;at="
        in listed
    )
    assert "What separates them from those who went on" in listed


def test_the_trace_as_a_file_has_a_row_for_each_event(late, carol):
    response = carol.client.get(f"/w/halden/funnel/why/table.csv?{LINK}&who={late.public_id}")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[1:5] for row in rows] == [
        ["event", "verdict", "step", "reason"],
        ["page_viewed", "taken", "1", ""],
        ["form_submitted", "passed_over", "", "outside_window"],
    ]


@pytest.mark.parametrize("who", ["x" * 500, "nobody-here"])
def test_somebody_unknown_is_refused_in_words(late, carol, who):
    assert "field-error" in body(carol.client.get(f"{WHY}&who={who}"))
    assert carol.client.get(f"/w/halden/funnel/why/table.csv?{LINK}&who={who}").status_code == 400


def test_a_person_of_another_workspace_is_nobody_here(late, carol):
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere", timezone="UTC", currency="EUR")
    traits = {"name": "Zoe Elsewhere"}
    Person.objects.create(workspace=elsewhere, public_id="z" * 20, traits=traits, name="Zoe Elsewhere")
    page = body(carol.client.get(f"{WHY}&who={'z' * 20}"))
    assert "is nobody known here" in page
    assert "Zoe" not in page
    assert carol.client.get(f"/w/halden/funnel/person/{'z' * 20}/").status_code == 404


def test_the_persons_page_leads_to_why_in_saved_funnels(late, carol, workspace):
    url = f"/w/halden/funnel/person/{late.public_id}/"
    assert "The road of this workspace" in body(carol.client.get(url))
    asked = {"kind": "funnel", "steps": [{"event": "page_viewed"}, {"event": "form_submitted"}]}
    kept = SavedQuestion.objects.create(workspace=workspace, name="Our road", question=asked)
    panel = body(carol.client.get(url))
    assert "Our road" in panel
    assert "The road of this workspace" not in panel
    page = body(carol.client.get(f"/w/halden/funnel/why/?saved={kept.pk}&who={late.public_id}"))
    assert "Reached the last step" in page
    assert f'hx-get="{url}"' in body(carol.client.get(f"/w/halden/people/{late.public_id}/"))


def test_with_too_few_people_nothing_is_compared_and_the_page_says_so(late, carol):
    page = body(carol.client.get(DROP_OFF))
    assert "0 went on to “Form submitted”, 1 was lost before it." in page
    assert "There is too little to compare" in page


@pytest.fixture
def leak(website):
    """60 on phones, of whom 10 send the form; 60 at a desk, of whom 45 do; 10 on a tablet, who do not."""
    arrivals = []
    for number in range(130):
        form = "phone" if number < 60 else "desk" if number < 120 else "tablet"
        arrivals.append(arrival("form_started", number, 0, form))
        if number < 10 or 60 <= number < 105:
            arrivals.append(arrival("form_submitted", number, 1, form))
    send(website, arrivals)
    drain()


def arrival(name, number, hours, form):
    at = clock.to_us(days_ago(20) + timedelta(hours=hours))
    return Arrival(name=name, at=at, id=f"{number}-{name}", anonymous=f"v{number}", properties={"layout": form})


LEAK = "s1=form_started&s2=form_submitted&period=30d"


def test_what_separates_is_told_in_words_drawn_and_in_the_table(leak, carol):
    page = body(carol.client.get(f"/w/halden/funnel/drop-off/?{LEAK}"))
    assert "55 went on to “Form submitted”, 75 were lost before it." in page
    assert "What goes together with it most: where layout is desk (75\xa0% went on, of the others 14\xa0%)." in page
    assert "Where layout is phone: 10 of 60 (17\xa0%) went on, of the others 45 of 70 (64\xa0%)." in page
    assert 'class="forest-row is-loss"' in page
    assert 'class="forest-row is-gain"' in page
    assert "because" not in page.split("What the words mean")[0]
    # Ten on a tablet are too few to speak of.
    assert "1 group too small to judge" in page
    assert "layout is tablet" not in page


def test_each_number_of_a_row_opens_just_those_people(leak, carol):
    page = body(carol.client.get(f"/w/halden/funnel/drop-off/?{LEAK}"))
    assert "People · Form started → Form submitted · within 14 days · in the last 30 days (" in page
    links = re.findall(r'href="([^"]*/drop-off/people/[^"]*layout[^"]*)">([\d,]+)', page)
    # Of both rows: two links in the forest, four in the table.
    assert len(links) == 12
    for url, number in links:
        listed = carol.client.get(url.replace("&amp;", "&"))
        assert listed.context["total"] == int(number)
    lost = carol.client.get(next(url for url, _ in links if "value=phone" in url).replace("&amp;", "&"))
    assert "Lost before “Form submitted” (layout: phone)" in body(lost)
    assert [text for text, _, is_on in lost.context["outcomes"] if is_on] == ["Lost"]


def test_the_table_of_what_separates_is_a_file(leak, carol):
    response = carol.client.get(f"/w/halden/funnel/drop-off/table.csv?{LEAK}")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row[:7] for row in rows[1:3]] == [
        ["property", "layout", "desk", "45", "15", "10", "60"],
        ["property", "layout", "phone", "10", "50", "45", "25"],
    ]


def test_the_funnels_page_leads_to_what_separates_at_each_loss(leak, carol):
    page = body(carol.client.get(f"/w/halden/funnel/?{LEAK}"))
    assert "/w/halden/funnel/drop-off/?s1=form_started&amp;s2=form_submitted&amp;period=30d&amp;step=2" in page


def test_the_page_opens_at_the_step_that_loses_most(website, carol):
    happened = [("page_viewed", range(9)), ("form_started", range(7)), ("form_submitted", range(2)), ("deal_won", [0])]
    send(website, [arrival(name, one, hour, "x") for hour, (name, who) in enumerate(happened) for one in who])
    drain()
    steps = "&".join(f"s{at}={name}" for at, (name, _) in enumerate(happened, 1))
    response = carol.client.get(f"/w/halden/funnel/drop-off/?{steps}&period=30d")
    page = body(response)
    assert (response.context["step"], response.context["asked"].question.get("step")) == (3, None)
    assert "2 went on to “Form submitted”, 5 were lost before it." in page
    assert 'aria-current="page">3. Form submitted</a>' in page
    assert "&amp;step=3&amp;who.outcome=dropped" in page
    last = carol.client.get(f"/w/halden/funnel/drop-off/?{steps}&period=30d&step=4")
    assert (last.context["step"], last.context["asked"].answer["dropped"]) == (4, 1)


def test_a_step_out_of_range_is_the_last_and_nothing_to_ask_is_said(late, carol):
    assert carol.client.get(f"{DROP_OFF}&step=99").context["step"] == 2
    assert carol.client.get(f"{DROP_OFF}&step=zero").context["step"] == 2
    one = body(carol.client.get("/w/halden/funnel/drop-off/?s1=page_viewed"))
    assert "This funnel has one step only: add the event that should come after it." in one
    assert re.search(r'href="/w/halden/funnel/\?s1=page_viewed[^"]*"[^>]*>Add a step<', one)


def test_before_anything_was_seen_the_refusal_speaks_of_the_funnel(carol):
    assert "The funnel must be a list of" in body(carol.client.get("/w/halden/funnel/people/"))


def test_without_a_funnel_the_drop_off_analyst_says_what_to_build(carol, ada):
    page = body(carol.client.get("/w/halden/funnel/drop-off/"))
    assert "No event was seen yet, because no source has sent anything." in page
    assert 'href="/w/halden/settings/sources/"' in page
    assert 'role="alert"' not in page
    ada.does("looked", at=days_ago(1))
    page = body(carol.client.get("/w/halden/funnel/drop-off/"))
    assert "There is no funnel yet: build one" in page
    assert 'role="alert"' not in page


def test_where_nobody_came_to_a_side_the_page_says_what_to_choose(late, carol):
    page = body(carol.client.get("/w/halden/funnel/drop-off/?s1=form_submitted&s2=deal_won&period=30d"))
    assert "So there are no two sides to compare." in page
    assert "Nobody came as far as the step before, or who did can still go on. Choose a longer period" in page


def test_why_about_nobody_says_where_to_choose_somebody(late, carol):
    page = body(carol.client.get(f"{WHY}&who="))
    assert "then “Why?” beside a name" in page
    assert 'role="alert"' not in page
