"""A piece's readers, leads and wins come from the stream; pages that are no piece are offered."""

from datetime import timedelta

import pytest

from fullfunnel.campaigns.actions import create_piece
from fullfunnel.campaigns.actions.content import Description
from fullfunnel.campaigns.content import Landing, without_piece
from fullfunnel.campaigns.models import Piece
from fullfunnel.core import clock
from fullfunnel.core.refused import Refused

HERE = "/w/halden/content/"
GUIDE = Description("Fair shifts", "page", "interest", "night shifts", "/guides/*")


@pytest.fixture
def read(workspace, website, ada, ben):
    ada.visits("/guides/fair", at=clock.now() - timedelta(days=3))
    ben.visits("/guides/fair", at=clock.now() - timedelta(days=3))
    ben.visits(
        "/blog/winter?utm_source=linkedin&utm_medium=social&utm_content=post-7", at=clock.now() - timedelta(days=2)
    )
    ada.does("lead_handed_over", clock.now() - timedelta(days=2))
    ada.does("deal_created", clock.now() - timedelta(days=1), deal_id="d")
    ada.does("deal_won", clock.now() - timedelta(hours=5), deal_id="d", amount="10", currency="EUR")


def test_a_piece_shows_readers_leads_and_wins_and_opens_them(carol, workspace, read):
    piece = create_piece(workspace, described=GUIDE, by=None)
    page = " ".join(carol.client.get(HERE).content.decode().split())
    assert "“Fair shifts” has the most wins, 1, from 2 readers." in page
    own = " ".join(carol.client.get(f"{HERE}pieces/{piece.public_id}/").content.decode().split())
    assert [name for name in ("Readers", "Handed over", "Opportunities", "Won") if name in own] == [
        "Readers",
        "Handed over",
        "Opportunities",
        "Won",
    ]
    people = carol.client.get(f"{HERE}pieces/{piece.public_id}/?step=1").content.decode()
    assert "2 people" in people


def test_a_post_is_read_by_who_came_by_its_link(carol, workspace, read):
    piece = create_piece(workspace, described=Description("Post", "post", "awareness", tag="Post-7"), by=None)
    assert piece.tag == "post-7"
    assert "1 person" in carol.client.get(f"{HERE}pieces/{piece.public_id}/?step=1").content.decode()


def test_pages_that_are_no_piece_are_offered():
    pages = [
        Landing("/", 9, 0, 0),
        Landing("/guides/fair", 5, 1, 0),
        Landing("/blog/winter", 3, 0, 0),
        Landing("/price", 2, 0, 0),
    ]
    pieces = [Piece(pattern="/guides/*"), Piece(pattern="/price"), Piece(tag="x")]
    assert [one.path for one in without_piece(pages, pieces)] == ["/blog/winter"]


def test_landing_pages_say_who_began_and_sent_a_form(carol, workspace, website, cleo):
    cleo.visits("/demo", at=clock.now() - timedelta(hours=3))
    cleo.does("form_started", clock.now() - timedelta(hours=2), form="Demo")
    cleo.submits("Demo", clock.now() - timedelta(hours=1))
    page = carol.client.get(f"{HERE}landing/").content.decode()
    assert "/demo" in page
    assert "1 of 1" in page


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": " "}, "name"), ({"kind": "song"}, "kind"), ({"stage": "late"}, "stage"), ({"pattern": "guides"}, "pattern"),
     ({"pattern": "/a*b"}, "pattern"), ({"kind": "post"}, "tag")],
)  # fmt: skip
def test_a_piece_that_cannot_be_is_refused_and_nothing_is_made(workspace, changed, field):
    refused = create_piece(workspace, described=Description(**(vars(GUIDE) | changed)), by=None)
    assert isinstance(refused, Refused)
    assert refused.field == field
    assert Piece.objects.count() == 0


def test_a_marketer_adds_changes_and_removes_a_piece(carol, workspace):
    sent = {
        "name": "Guide",
        "kind": "page",
        "stage": "interest",
        "pattern": "/g",
        "pain_point": "",
        "tag": "",
        "link": "",
        "owner": "",
    }
    assert carol.client.post(f"{HERE}new/", sent).status_code == 302
    piece = Piece.objects.get()
    assert carol.client.post(f"{HERE}pieces/{piece.public_id}/edit/", sent | {"name": "Better"}).status_code == 302
    piece.refresh_from_db()
    assert piece.name == "Better"
    assert carol.client.post(f"{HERE}pieces/{piece.public_id}/edit/", sent | {"pattern": "x"}).status_code == 422
    assert carol.client.post(f"{HERE}pieces/{piece.public_id}/remove/").status_code == 302
    assert Piece.objects.count() == 0


def test_what_people_say_stands_beside_the_channel_of_their_first_visit(carol, workspace, website, ada):
    from fullfunnel.campaigns.content import said_of

    ada.visits("/?utm_source=google&utm_medium=cpc", at=clock.now() - timedelta(days=2))
    assert "Nobody was asked" in carol.client.get(f"{HERE}said/").content.decode()
    assert said_of(workspace, None).total == 0
