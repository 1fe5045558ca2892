"""Whoever reads keeps erased events on the disk: a question lets go of the files when it is over, not when memory is tidied up."""

import gc
from pathlib import Path

import pytest
from django.conf import settings

from fullfunnel.events.event import Arrival
from fullfunnel.journeys.ask import QuestionTimeout, answer
from fullfunnel.journeys.watch import Watch
from fullfunnel.people.models import Person
from fullfunnel.segments.dataset import dataset_of
from tests.kit.cast import drain, send

pytestmark = pytest.mark.django_db
FUNNEL = {"kind": "funnel", "steps": ["page_viewed", "form_submitted"]}


@pytest.fixture
def world(server):
    names = ["page_viewed", "page_viewed", "form_submitted"]
    send(
        server,
        [
            Arrival(name=name, at=(at + who) * 60_000_000, id=f"{who}-{at}", user=f"user-{who}", company=f"c{who % 2}")
            for who in range(6)
            for at, name in enumerate(names[: 1 + who % 3])
        ],
    )
    drain()
    return dataset_of(server.workspace)


@pytest.mark.parametrize(
    "question",
    [
        FUNNEL,
        FUNNEL | {"count": "companies"},
        {"kind": "retention", "start": "page_viewed"},
        {"kind": "paths", "anchor": "page_viewed"},
        {"kind": "attribution", "conversion": "form_submitted"},
        {"kind": "drop_off", "question": FUNNEL, "step": 2},
        {"kind": "why", "question": FUNNEL},
    ],
    ids=lambda question: question["kind"],
)
def test_an_answered_question_holds_no_lease(world, question):
    if question["kind"] == "why":
        person = Person.objects.filter(workspace_id=world.facts.workspace_id).order_by("pk").first()
        question = question | {"unit": person.public_id}
    gc.collect()
    gc.disable()
    try:
        assert answer(question, world)["kind"] == question["kind"]
        assert list((Path(settings.DATA_DIR) / "leases").iterdir()) == []
    finally:
        gc.enable()


def test_a_question_that_failed_holds_no_lease(world):
    watch = Watch()

    def told(done: int, total: int) -> None:
        if (Path(settings.DATA_DIR) / "leases").exists() and any((Path(settings.DATA_DIR) / "leases").iterdir()):
            raise QuestionTimeout

    watch = Watch(told=told)
    with pytest.raises(QuestionTimeout) as kept:
        answer(FUNNEL | {"order": "strict"}, world, deadline=watch)
    assert list((Path(settings.DATA_DIR) / "leases").iterdir()) == []
    assert kept.traceback
