"""Saved questions of every kind: they open on their page, are shared or private, and are found by Ctrl-K."""

import pytest

from fullfunnel.analytics.kinds.wired import question_forms
from fullfunnel.analytics.models import SavedQuestion
from tests.kit.cast import days_ago

NEW = "/w/halden/saved/new/"
LINKS = {
    "funnel": "s1=page_viewed&s2=form_submitted&period=30d",
    "trend": "e1=page_viewed&each=week&compare=0&period=30d",
    "retention": "a1=page_viewed&periods=4",
    "paths": "a1=page_viewed&direction=before",
}


@pytest.fixture
def visits(ada):
    ada.visits("/pricing", at=days_ago(5))


def body(response):
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def save(member, kind="funnel", **more):
    answer = member.client.post(NEW, {"name": f"My {kind}", "kind": kind, "link": LINKS[kind]} | more)
    assert answer.status_code == 302
    return SavedQuestion.kept.latest("pk")


def listed(member):
    response = member.client.get("/w/halden/saved/")
    assert response.status_code == 200
    return [row["saved"].name for row in response.context["listing"].page.rows]


def test_a_question_of_each_kind_opens_on_its_page_as_it_was_left(visits, carol):
    for kind in LINKS:
        found = save(carol, kind)
        assert found.question["kind"] == kind
        row = next(
            row for row in carol.client.get("/w/halden/saved/").context["listing"].page.rows if row["saved"] == found
        )
        assert row["url"] == f"/w/halden/{kind}/?saved={found.pk}"
        assert carol.client.get(row["url"]).context["link"] == f"saved={found.pk}&{LINKS[kind]}"
    assert set(LINKS) <= set(question_forms())


def test_the_page_of_another_kind_does_not_open_it(visits, carol):
    found = save(carol, "trend")
    assert carol.client.get(f"/w/halden/funnel/?saved={found.pk}").context["saved"] is None


def test_a_private_question_is_its_makers_alone(visits, carol, bob, alice):
    found = save(carol, seen_by="me")
    assert (listed(carol), listed(bob), listed(alice)) == (["My funnel"], [], [])
    assert bob.client.get(f"/w/halden/funnel/?saved={found.pk}").context["saved"] is None
    assert bob.client.post(f"/w/halden/saved/{found.pk}/", {"do": "delete"}).status_code == 404
    assert bob.client.post(NEW, {"saved": found.pk, "name": "Mine", "link": "s1=a"}).status_code == 302
    found.refresh_from_db()
    assert (found.question["steps"][0]["event"], found.deleted_at) == ("page_viewed", None)


def test_a_private_question_is_shared_and_taken_back_by_its_maker_only(visits, carol, bob):
    found = save(carol, seen_by="me")
    carol.client.post(f"/w/halden/saved/{found.pk}/", {"do": "share"})
    assert listed(bob) == ["My funnel"]
    refused = bob.client.post(f"/w/halden/saved/{found.pk}/", {"do": "unshare"}, follow=True)
    assert "Only who made it" in refused.content.decode()
    assert listed(bob) == ["My funnel"]
    carol.client.post(f"/w/halden/saved/{found.pk}/", {"do": "pin"})
    carol.client.post(f"/w/halden/saved/{found.pk}/", {"do": "unshare"})
    found.refresh_from_db()
    assert (found.is_private, found.pinned_at) == (True, None)


def test_what_is_shared_is_seen_by_viewers(visits, carol, bob):
    save(carol, "retention")
    bob.user.memberships.update(role="viewer")
    assert listed(bob) == ["My retention"]


@pytest.mark.parametrize(
    ("kind", "seen_by", "said"), [("funnel", "me", "share it first"), ("trend", "all", "Only a funnel")]
)
def test_only_a_shared_funnel_stands_on_the_overview(visits, carol, kind, seen_by, said):
    found = save(carol, kind, seen_by=seen_by)
    answer = carol.client.post(f"/w/halden/saved/{found.pk}/", {"do": "pin"}, follow=True)
    assert said in answer.content.decode()
    found.refresh_from_db()
    assert found.pinned_at is None


def test_deleted_private_questions_are_brought_back_by_their_maker_only(visits, carol, bob):
    found = save(carol, seen_by="me")
    carol.client.post(f"/w/halden/saved/{found.pk}/", {"do": "delete"})
    assert "My funnel" not in bob.client.get("/w/halden/saved/").content.decode()
    assert bob.client.post(f"/w/halden/saved/{found.pk}/", {"do": "restore"}).status_code == 404
    carol.client.post(f"/w/halden/saved/{found.pk}/", {"do": "restore"})
    assert listed(carol) == ["My funnel"]


def test_control_k_finds_what_one_may_see(visits, carol, bob):
    shared = save(carol, "trend")
    save(carol, seen_by="me")
    assert bob.client.get("/w/halden/saved/find/?q=my tr").content.decode().strip() == (
        f'<a href="/w/halden/trend/?saved={shared.pk}" data-kind="question">My trend</a>'
    )
    assert bob.client.get("/w/halden/saved/find/?q=funnel").content.decode().strip() == ""
    assert "My funnel" in carol.client.get("/w/halden/saved/find/?q=funnel").content.decode()
    assert bob.client.get("/w/halden/saved/find/").content.decode().strip() == ""


def test_a_deleted_question_can_be_brought_back(visits, carol):
    carol.client.post("/w/halden/saved/new/", {"name": "Visits", "link": LINKS["funnel"]})
    saved = SavedQuestion.kept.get()
    carol.client.post(f"/w/halden/saved/{saved.pk}/", {"do": "delete"})
    assert not SavedQuestion.kept.exists()
    assert "Deleted in the last 30 days (1)" in body(carol.client.get("/w/halden/saved/"))
    carol.client.post(f"/w/halden/saved/{saved.pk}/", {"do": "restore"})
    assert SavedQuestion.kept.get() == saved


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "", "link": LINKS["funnel"]}, "Give it a name"),
        ({"name": "x" * 201, "link": LINKS["funnel"]}, "at most 200"),
        ({"name": "x", "link": "s1=a&window=soon"}, "must be a number"),
        ({"name": "x", "link": ""}, "at least one event"),
    ],
)
def test_what_cannot_be_saved_is_refused_and_the_question_stays(visits, carol, sent, said):
    response = carol.client.post("/w/halden/saved/new/", sent, follow=True)
    assert said in body(response)
    assert not SavedQuestion.objects.exists()
