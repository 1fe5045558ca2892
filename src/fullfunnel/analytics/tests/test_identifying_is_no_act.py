"""Saying who one is, is noted about a person; strict, "*" and paths look at what the person did."""

from fullfunnel.journeys.ask import answer
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import days_ago

STRICT = {"kind": "funnel", "order": "strict", "steps": ["page_viewed", "form_submitted"]}


def asked(workspace, question):
    return answer(question, dataset_of(workspace))


def test_an_identify_between_two_steps_breaks_no_strict_funnel_and_is_no_node_of_a_path(ada):
    ada.visits("/pricing", at=days_ago(3))
    ada.identifies(email="ada@nordklinik.example", at=days_ago(2))
    ada.submits("Get a quote", at=days_ago(1))
    workspace = ada.source.workspace
    strict = STRICT | {"window": {"value": 7, "unit": "day"}}
    assert [step["count"] for step in asked(workspace, strict)["steps"]] == [1, 1]
    [link, end] = asked(workspace, {"kind": "paths", "anchor": "page_viewed", "depth": 2})["links"]
    assert (link["from"], link["to"], link["count"]) == ("page_viewed", "form_submitted", 1)
    assert (end["from"], end["to"]) == ("form_submitted", "(end)")


def test_a_step_that_names_it_takes_it_and_it_moves_last_seen(ada):
    ada.visits("/pricing", at=days_ago(3))
    signed_in = days_ago(2)
    ada.identifies(email="ada@nordklinik.example", at=signed_in)
    named = {"kind": "funnel", "order": "strict", "steps": ["page_viewed", "person_identified"]}
    assert [step["count"] for step in asked(ada.source.workspace, named)["steps"]] == [1, 1]
    assert ada.person.last_seen_at == signed_in
