"""Several traits told at once are one line of the timeline."""

from datetime import UTC, datetime, timedelta

from fullfunnel.people.timeline import Line, folded, timeline_of
from tests.kit.cast import drain

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def known(trait, new, at=AT, **old):
    details = {"trait": trait, "new": new} | old
    return Line(at, "trait_changed", f"{trait} became known: {new}", "system", f"e-{trait}", details)


def test_traits_that_became_known_at_one_moment_are_one_line():
    viewed = Line(AT, "page_viewed", "Viewed /", "person", "v")
    changed = known("plan", "team", old="free")
    lines = [viewed, known("city", "Oslo"), known("name", "Ada"), known("plan", "pro"), changed]
    found = folded(lines)
    assert [line.sentence for line in found] == [
        "Viewed /",
        "3 traits became known: plan, name and city",
        "plan became known: team",
    ]
    assert found[1].details == {"plan": "pro", "name": "Ada", "city": "Oslo"}


def test_one_alone_and_those_of_another_moment_stay_as_they_are():
    lines = [known("city", "Oslo"), known("name", "Ada", AT - timedelta(seconds=1))]
    assert folded(lines) == lines


def test_what_a_form_told_is_one_line_of_the_person(ada):
    ada.visits("/")
    ada.identifies("ada-1", email="ada@halden.example", plan="pro", seats="12")
    drain()
    found = timeline_of(ada.person)
    said = [line.sentence for line in found.lines if line.name == "trait_changed"]
    assert said == ["3 traits became known: email, plan and seats"]
    assert found.names["trait_changed"] == 3
