"""Settings, Rules of the funnels: rules in words, a draft edited by forms, remarks, the last year under it, adopting it."""

import re

import pytest

from fullfunnel.events.conditions import Group
from fullfunnel.stages.models import RuleVersion
from fullfunnel.stages.rules.kept import kept_rules, read_version
from tests.kit.cast import days_ago

HERE = "/w/halden/settings/rules/"
EVENT = {"event": "newsletter_confirmed", "least": "1", "count": "times"}


@pytest.fixture
def firm(workspace, ada):
    workspace.sells, workspace.created_at = "companies", days_ago(200)
    workspace.save()
    ada.visits("/", at=days_ago(20))
    ada.visits("/", at=days_ago(10))
    return workspace


@pytest.fixture
def draft(alice, firm):
    alice.client.post(f"{HERE}draft/", {"stage": "interest"})
    return RuleVersion.objects.get(number=2)


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def change(alice, draft, **said):
    answer = alice.client.post(f"{HERE}{draft.number}/change/", {"stage": "interest"} | said, follow=True)
    draft.refresh_from_db()
    return words_of(answer)


def interest(draft):
    return read_version(draft).stage("interest").rule


def test_every_stage_says_its_rule_in_words(bob, firm):
    page = words_of(bob.client.get(HERE))
    assert "The default for how you sell holds." in page
    assert "Interest: a page in 2 visits within 30 days, or 2 different content pages, or newsletter confirmed." in page
    assert "Change in a draft" not in page
    lead = words_of(bob.client.get(HERE, {"stage": "handed_over"}))
    assert "has a fit of at least 50 and an engagement of at least 50" in lead


def test_conditions_are_added_changed_joined_and_taken_away(alice, draft):
    assert "newsletter confirmed or guide downloaded" in change(
        alice, draft, do="put", place="2", event="newsletter_confirmed, guide_downloaded", least="1", count="times"
    )
    change(alice, draft, do="add", place="", event="Order Completed", least="2", count="days", within="30", unit="day")
    assert [has.events for has in interest(draft).of][3] == ("order_completed",)
    change(alice, draft, do="also", place="3", **EVENT)
    assert interest(draft).of[3].op == "all"
    for place in ("3", "2", "1"):
        change(alice, draft, do="remove", place=place)
    assert not isinstance(interest(draft), Group)
    assert "A stage needs a condition" in change(alice, draft, do="remove", place="")
    assert kept_rules(draft.workspace).rules.number == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"do": "put", "place": "0", "event": "", "least": "1"}, "must be the name of an event"),
        ({"do": "put", "place": "0", "event": "stage_entered"}, "may not be stage_entered"),
        ({"do": "op", "place": "x"}, "This stage is not known here"),
        ({"do": "add", "stage": "bakers", "event": "x"}, "This stage is not known here"),
        ({"do": "nonsense"}, "This form is not known here"),
        ({"do": "spans", "silence": "0", "half_life": "14"}, "Write a whole number from 1 to 3,650."),
        ({"do": "limits", "fit": "50", "engagement": "x"}, "Write a whole number from 1 to 1,000."),
        ({"do": "points", "fit.0": "1000"}, "Write a whole number from -100 to 100."),
        ({"do": "weigh", "points": "5", "reason": "", "event": "x"}, "Say in a few words what gives these points."),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(alice, draft, said, sentence):
    before = draft.rules
    assert sentence in change(alice, draft, **said)
    assert draft.rules == before


def test_scores_and_silence_belong_to_the_version(alice, draft):
    change(alice, draft, do="limits", is_on="on", fit="60", engagement="60")
    change(alice, draft, do="spans", silence="90", half_life="7")
    change(alice, draft, do="points", **{"fit.0": "25", "engagement.0": ""})
    change(alice, draft, do="weigh", reason="roster seen", points="12", event="roster_viewed", least="1", count="times")
    page = change(
        alice, draft, do="weigh", of_what="fit", reason="many beds", points="9", property="beds", op=">=", value="200"
    )
    for said in (
        "fit of at least 60, was 50", "halves every 7 days, was 14", "falls a stage after a silence of 90 days, was 60",
        "work e-mail gives 25, was 20", "page seen gives nothing any more", "roster seen gives 12", "many beds gives 9",
    ):  # fmt: skip
        assert said in page, said


def test_a_rule_that_can_never_match_is_said(alice, draft):
    change(alice, draft, do="limits", is_on="on", fit="101", engagement="50")
    page = words_of(alice.client.get(HERE, {"version": 2, "stage": "handed_over"}))
    assert "can never match: fit goes up to 100, and this asks for 101" in page
    both = {"of": ["path", "path"], "of_op": ["=", "="], "of_value": ["/a", "/b"]}
    page = change(alice, draft, do="add", place="", event="page_viewed", least="1", count="times", **both)
    assert "can never match: its conditions of path contradict each other" in page
    assert "can never match: no event newsletter_confirmed has come yet" in page


def test_the_last_year_says_who_moves_and_opens_them(alice, ada, draft):
    change(alice, draft, do="remove", place="0")
    preview = alice.client.get(f"{HERE}2/last-year/")
    assert "Interest → Awareness 1" in words_of(preview)
    (mover,) = preview.context["movers"]
    listed = alice.client.get(mover.url)
    assert [row["person"].pk for row in listed.context["people"]] == [ada.person.pk]


def test_a_draft_is_adopted_with_its_reason_and_an_older_version_again(alice, firm, draft):
    change(alice, draft, do="remove", place="0")
    page = words_of(alice.client.post(f"{HERE}2/adopt/", {"note": "Two visits say little"}, follow=True))
    assert "Version 2 holds since" in page
    assert "no longer: a page in 2 visits within 30 days" in page
    page = words_of(alice.client.post(f"{HERE}1/adopt/", {"note": "They do"}, follow=True))
    assert "Version 3 holds. The past is counted by it" in page
    assert len(interest(RuleVersion.objects.get(number=3)).of) == 3


@pytest.mark.parametrize(
    "query", [{"version": "99"}, {"version": "2", "stage": "x"}, {"version": "x", "stage": "\x00"}]
)
def test_strange_addresses_are_no_errors(alice, draft, query):
    assert alice.client.get(HERE, query).status_code == (404 if query["version"] == "99" else 200)
    assert alice.client.get(f"{HERE}2/movers/", {"from": "x", "to": "\x00"}).status_code == 200
    assert alice.client.get(f"{HERE}99/last-year/").status_code == 404
