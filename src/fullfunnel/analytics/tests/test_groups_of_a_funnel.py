"""A funnel with a breakdown: of each group who went on, was lost and is pending, each number opening its people."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest

from tests.kit.cast import days_ago

FUNNEL = "/w/halden/funnel/"
LINK = "s1=page_viewed&s2=form_submitted&period=30d&window=7&by=plan"


@pytest.fixture
def plans(ada, ben, cleo):
    """Of the plan team Ada sends the form and Ben does not; Cleo, solo, came yesterday and still can."""
    ada.does("page_viewed", at=days_ago(20), plan="team")
    ada.submits("demo", at=days_ago(20) + timedelta(hours=2))
    ben.does("page_viewed", at=days_ago(25), plan="team")
    cleo.does("page_viewed", at=days_ago(1), plan="solo")


def people_of(client, link):
    response = client.get(html.unescape(link))
    assert response.status_code == 200, response.content[:500]
    return [row["person"] for row in response.context["people"]]


def test_each_group_says_who_went_on_was_lost_and_is_pending(plans, carol):
    rows = carol.client.get(f"{FUNNEL}?{LINK}").context["rows"]
    said = {cell.name: (cell.reached.count, cell.dropped.count, cell.pending.count) for cell in rows[1].groups}
    assert said == {"team": (1, 1, 0), "solo": (0, 0, 1)}
    assert {cell.name: [part.kind for part in cell.drawn] for cell in rows[1].groups} == {
        "team": ["reached", "dropped"],
        "solo": ["pending"],
    }
    assert [(part.x, part.width) for part in rows[1].groups[0].drawn] == [(0.0, 50.0), (50.0, 50.0)]


def test_each_number_of_a_group_opens_its_people(plans, carol, ada, ben, cleo):
    page = carol.client.get(f"{FUNNEL}?{LINK}").content.decode()
    picture = page.split('<ol class="funnel">')[1].split("</ol>")[0]
    found = re.findall(r'href="([^"]*)">\s*<span class="visually-hidden">(\w+):</span>\s*(\d) (\w+)', picture)
    assert [(name, int(count), word) for _, name, count, word in found] == [
        ("team", 1, "went"),
        ("team", 1, "lost"),
        ("solo", 1, "pending"),
    ]
    assert [people_of(carol.client, link) for link, *_ in found] == [[ada.person], [ben.person], [cleo.person]]


def test_a_list_says_of_which_group_it_is(plans, carol):
    lost = carol.client.get(f"{FUNNEL}people/?{LINK}&step=2&outcome=dropped&group=team")
    assert lost.context["title"] == "Who were lost before step 2, “Form submitted” (plan: team)"


def test_from_one_list_of_a_group_the_others_of_it_are_one_press_away(plans, carol, ada, ben):
    lost = carol.client.get(f"{FUNNEL}people/?{LINK}&step=2&outcome=dropped&group=team&page=1")
    assert [(words, is_on) for words, _, is_on in lost.context["outcomes"]] == [
        ("Went on", False),
        ("Lost", True),
        ("Pending", False),
    ]
    lists = [people_of(carol.client, url) for _, url, _ in lost.context["outcomes"]]
    assert lists == [[ada.person], [ben.person], []]
    began = carol.client.get(f"{FUNNEL}people/?{LINK}&step=1&outcome=reached&group=team")
    assert began.context["outcomes"] == []


def test_the_table_has_the_three_numbers_of_each_group_and_step(plans, carol, ada, ben, cleo):
    page = carol.client.get(f"{FUNNEL}?{LINK}").content.decode()
    table = page.split('<table class="table groups-table">')[1].split("</table>")[0]
    head, body = table.split("<tbody>")
    words = [" ".join(re.sub("<[^>]*>", "", cell).split()) for cell in re.findall(r"<th.*?</th>", head, re.DOTALL)]
    assert words == ["Group", "Page viewed", "Form submitted", "First to last", "Went on", "Lost", "Pending"]
    cells = [re.findall(r"<td.*?</td>", row, re.DOTALL) for row in body.split("</tr>")[:-1]]
    numbers = [[" ".join(re.sub("<[^>]*>", "", cell).split()) for cell in row] for row in cells]
    assert numbers == [["2", "1", "1", "0", "1 of 2"], ["1", "0", "0", "1", "0 of 1"]]
    links = [re.search(r'href="([^"]*)"', cell) for row in cells for cell in row]
    lists = [people_of(carol.client, link[1]) for link in links if link]
    assert lists == [[ben.person, ada.person], [ada.person], [ben.person], [cleo.person], [cleo.person]]


def test_the_file_has_them_too(plans, carol):
    file = carol.client.get(f"{FUNNEL}table.csv?{LINK}").content.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(file)) if row["step"] == "2"]
    assert [(row["group"], row["count"], row["dropped"], row["pending"]) for row in rows] == [
        ("", "1", "1", "1"),
        ("team", "1", "1", "0"),
        ("solo", "0", "0", "1"),
    ]
