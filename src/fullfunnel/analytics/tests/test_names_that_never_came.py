"""A question that names what never came is answered, and told what is not there and what was meant: of files, by API, on pages."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fullfunnel.events.models import Cursor, EventName, EventProperty
from fullfunnel.journeys.ask import answer
from fullfunnel.journeys.datasets.file import dataset_of_rows
from fullfunnel.workspaces.keys import make_api_key
from fullfunnel.workspaces.models import Workspace
from tests.kit.cast import days_ago


def event(person, name, at, **properties):
    return {"person": person, "event": name, "timestamp": at, "properties": properties}


EVENTS = [
    event("ada", "page_viewed", 1, path="/", product="pro"),
    event("ada", "deal_won", 5, revenue="5", company="acme"),
]
PEOPLE = [{"person": "ada", "properties": {"country": "DE"}}]
# Every place of a funnel where something is named, each with a slip.
MISTAKEN = {
    "kind": "funnel",
    "steps": [
        "page_veiwed",
        {
            "event": ["deal_won", "deal_wno", "*"],
            "where": [
                {"property": "pth", "value": ["/"], "op": "in"},
                {"property": "contry", "of": "person_then", "value": "DE"},
            ],
        },
    ],
    "exclude": [{"event": "refund", "where": [{"property": "prodcut", "value": "page_veiwed"}]}],
    "hold": ["revenu"],
    "breakdown": {"property": "contry", "of": "person"},
}
SAID = {
    "steps[0]": "'page_veiwed' is an event that never came; did you mean 'page_viewed'?",
    "steps[1].event[1]": "'deal_wno' is an event that never came; did you mean 'deal_won'?",
    "steps[1].where[0].property": "'pth' is a property that no event has; did you mean 'path'?",
    "steps[1].where[1].property": "'contry' is a trait that no person has; did you mean 'country'?",
    "exclude[0].event": "'refund' is an event that never came",
    "exclude[0].where[0].property": "'prodcut' is a property that no event has; did you mean 'product'?",
    "hold[0]": "'revenu' is a property that no event has; did you mean 'revenue'?",
    "breakdown.property": "'contry' is a trait that no person has; did you mean 'country'?",
}
OTHERS = [
    (
        {"kind": "trend", "series": [{"event": "deal_own", "measure": "sum", "property": "revenu"}]},
        {
            "series[0].event": "'deal_own' is an event that never came; did you mean 'deal_won'?",
            "series[0].property": "'revenu' is a property that no event has; did you mean 'revenue'?",
        },
    ),
    (
        {"kind": "retention", "start": "page_view", "return": ["deal_won", "deal_win"], "by": "day"},
        {
            "start": "'page_view' is an event that never came; did you mean 'page_viewed'?",
            "return[1]": "'deal_win' is an event that never came; did you mean 'deal_won'?",
        },
    ),
    (
        {"kind": "paths", "anchor": "deal_win", "nodes": {"event": "page_view"}, "by": "paht"},
        {
            "anchor": "'deal_win' is an event that never came; did you mean 'deal_won'?",
            "nodes.event": "'page_view' is an event that never came; did you mean 'page_viewed'?",
            "by": "'paht' is a property that no event has; did you mean 'path'?",
        },
    ),
    (
        {"kind": "paths", "anchor": "deal_won", "by": {"property": "path", "event": "pageviewed"}},
        {"by.event": "'pageviewed' is an event that never came; did you mean 'page_viewed'?"},
    ),
    (
        {
            "kind": "attribution",
            "conversion": {"event": "deal_wun"},
            "touches": "page_view",
            "milestones": {"lead": "xyz"},
        },
        {
            "conversion.event": "'deal_wun' is an event that never came; did you mean 'deal_won'?",
            "touches": "'page_view' is an event that never came; did you mean 'page_viewed'?",
            "milestones.lead": "'xyz' is an event that never came",
        },
    ),
]
# Everything here came, or is no name that could: wildcards, what every event has, the words of choices.
KNOWN = [
    {"kind": "funnel", "steps": ["*", {"event": "deal_won", "where": [{"property": "@deal", "op": "is_not_set"}]}]},
    {
        "kind": "funnel",
        "steps": [{"event": "page_viewed", "label": "seen"}, {"event": ["deal_won"]}],
        "breakdown": {"property": "country", "of": "person"},
        "hold": ["path"],
    },
    {"kind": "trend", "series": [{"event": "*", "property": ""}], "by": "week", "breakdown": {"property": "path"}},
    {"kind": "retention", "start": "page_viewed", "by": "month", "mode": "on"},
    {"kind": "paths", "anchor": "deal_won", "direction": "before"},
    # By default, its milestones are events that never came here.
    {"kind": "attribution", "conversion": "deal_won", "by": "campaign"},
]


def said(found):
    return {note["field"]: note["message"] for note in found.get("notes", [])}


def test_a_funnel_says_what_never_came_wherever_it_is_named():
    world = dataset_of_rows(EVENTS, PEOPLE)
    found = answer(MISTAKEN, world)
    assert said(found) == SAID
    assert [step["count"] for step in found["steps"]] == [0, 0]


@pytest.mark.parametrize("show", ["counts", "trend", "people", "time_to_convert"])
def test_so_it_does_however_it_is_shown(show):
    assert said(answer(MISTAKEN | {"show": show}, dataset_of_rows(EVENTS, PEOPLE))) == SAID


@pytest.mark.parametrize(("question", "notes"), OTHERS)
def test_so_do_the_other_kinds(question, notes):
    assert said(answer(question, dataset_of_rows(EVENTS, PEOPLE))) == notes


def test_so_do_questions_about_a_funnel():
    world, inside = dataset_of_rows(EVENTS, PEOPLE), {f"question.{field}": text for field, text in SAID.items()}
    assert said(answer({"kind": "why", "question": MISTAKEN, "unit": "ada"}, world)) == inside
    asked = {"kind": "drop_off", "question": MISTAKEN, "properties": ["path", "pathh"]}
    meant = {"properties[1]": "'pathh' is a property that no event has; did you mean 'path'?"}
    assert said(answer(asked, world)) == inside | meant


@pytest.mark.parametrize("question", KNOWN)
def test_where_all_names_are_known_there_is_nothing_to_note(question):
    assert "notes" not in answer(question, dataset_of_rows(EVENTS, PEOPLE))


@pytest.mark.parametrize("question", [MISTAKEN, *(question for question, _ in OTHERS)])
def test_where_nothing_came_yet_nothing_is_noted(question):
    assert "notes" not in answer(question, dataset_of_rows([]))


def test_what_attribution_says_of_its_money_is_said_once():
    found = answer(
        {"kind": "attribution", "conversion": {"event": "deal_won", "value": "revenu"}}, dataset_of_rows(EVENTS)
    )
    assert said(found) == {
        "conversion.value": "is a property that no conversion has: 'revenu'; did you mean 'revenue'?"
    }
    none = {"kind": "attribution", "conversion": {"event": "deal", "value": "revenu"}}
    assert said(answer(none, dataset_of_rows(EVENTS)))["conversion.value"] == (
        "'revenu' is a property that no event has; did you mean 'revenue'?"
    )


def test_at_most_twenty_are_noted():
    question = {"kind": "funnel", "steps": [{"event": [f"no such {n}" for n in range(1_000)]}]}
    notes = answer(question, dataset_of_rows(EVENTS))["notes"]
    assert (len(notes), notes[0]["field"]) == (20, "steps[0].event[0]")


@pytest.fixture
def ask(workspace):
    key = make_api_key(workspace, name="for tests", scopes=["ask"], by=None)

    def post(question, key=key):
        headers = {"Authorization": f"Bearer {key}"}
        return (
            Client().post("/api/v1/ask", json.dumps(question), content_type="application/json", headers=headers).json()
        )

    return post


@pytest.fixture
def story(ada):
    ada.visits("/pricing", at=days_ago(3))
    ada.does("deal_won", at=days_ago(2), revenue="5", product="pro")
    ada.does("order_completed", at=days_ago(1))
    ada.identifies("ada-1", country="DE")


def test_by_api_a_workspace_says_the_same(ask, story):
    assert said(ask(MISTAKEN)) == SAID
    for question, notes in OTHERS:
        assert said(ask(question)) == notes
    company = {"kind": "funnel", "steps": ["deal_won"], "breakdown": {"property": "size", "of": "company"}}
    assert said(ask(company)) == {"breakdown.property": "'size' is a trait that no company has"}


def test_by_api_what_is_known_or_built_in_is_not_noted(ask, story):
    # A promoted column is there, though no event filled it; names of Segment's spec are those of the stream.
    built_in = {"kind": "trend", "series": [{"event": "Order Completed"}], "breakdown": {"property": "term"}}
    for question in [*KNOWN, built_in]:
        assert "notes" not in ask(question), question
    assert said(ask({"kind": "trend", "series": [{"event": "Order Complete"}]})) == {
        "series[0].event": "'Order Complete' is an event that never came; did you mean 'order_completed'?"
    }


def test_by_api_a_name_of_the_spec_does_not_suggest_itself(ask, story):
    EventName.objects.filter(name="deal_won").update(name="Signed Up")
    found = ask({"kind": "trend", "series": [{"event": "Signed Up"}]})
    assert said(found) == {"series[0].event": "'Signed Up' is an event that never came"}


def test_by_api_a_workspace_to_which_nothing_came_notes_nothing(ask, story):
    elsewhere = Workspace.objects.create(name="Elsewhere", slug="elsewhere")
    key = make_api_key(elsewhere, name="theirs", scopes=["ask"], by=None)
    for question in [MISTAKEN, *(question for question, _ in OTHERS)]:
        assert "notes" not in ask(question, key)


def test_what_the_catalogue_was_not_told_yet_is_not_said_to_be_missing(ask, story):
    trend = {"kind": "trend", "series": [{"event": "deal_won", "measure": "sum", "property": "product"}]}
    EventName.objects.filter(name="deal_won").delete()
    EventProperty.objects.all().delete()
    assert len(ask(trend)["notes"]) == 2
    # A batch came of which it will be told in a moment.
    Cursor.objects.filter(reaction="catalogue").update(batch=0)
    assert "notes" not in ask(trend)


def test_what_the_journeys_hold_came_whatever_the_catalogue_knows(ask, story):
    step = {"event": "deal_won", "where": [{"property": "product", "value": "pro"}]}
    EventName.objects.filter(name="deal_won").delete()
    EventProperty.objects.all().delete()
    found = ask({"kind": "funnel", "steps": [step, "deal_wno"]})
    assert (found["units"], list(said(found))) == (1, ["steps[1]"])


def test_names_that_the_journeys_hold_are_looked_up_nowhere_else(ask, story):
    with CaptureQueriesContext(connection) as made:
        answer = ask(
            KNOWN[1]
            | {"steps": ["page_viewed", {"event": "deal_won", "where": [{"property": "product", "value": "pro"}]}]}
        )
    assert answer["units"] == 1
    assert [query["sql"] for query in made if "events_event" in query["sql"]] == []


@pytest.mark.parametrize(
    "address",
    [
        "funnel/?s1=page_viewed&s2=deal_wno",
        "trend/?e1=deal_wno",
        "retention/?a1=deal_wno&r1=deal_wno",
        "paths/?a1=deal_wno",
        "attribution/?c1=deal_wno",
        "funnel/drop-off/?s1=page_viewed&s2=deal_wno",
    ],
)
def test_pages_say_it_above_the_answer(carol, story, address):
    told = carol.client.get(f"/w/halden/{address}")
    assert told.status_code == 200
    sentence = "&#x27;deal_wno&#x27; is an event that never came; did you mean &#x27;deal_won&#x27;?"
    assert told.content.decode().count(sentence) == 1
    quiet = carol.client.get(f"/w/halden/{address.replace('deal_wno', 'deal_won')}")
    assert "answer-notes" not in quiet.content.decode()


def test_the_page_that_asks_why_says_it_too_and_ends_what_is_no_question_with_a_point(carol, story, ada):
    told = carol.client.get(f"/w/halden/funnel/why/?s1=page_viewed&s2=refund&who={ada.person.public_id}")
    assert "&#x27;refund&#x27; is an event that never came.</p>" in told.content.decode()
