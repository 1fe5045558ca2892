"""Pages of a long list: each row once in its order, also while rows come and go; what is no cursor of ours is refused."""

import base64
import json
from datetime import timedelta

import pytest

from fullfunnel.core import clock
from fullfunnel.core.pages.counts import count_up_to
from fullfunnel.core.pages.keyset import BAD, KeysetPage, keyset_page
from fullfunnel.workspaces.models import AuditEntry


@pytest.fixture
def entries(workspace, alice, bob):
    """23 entries: some of nobody, many of the same act and of the same moment."""
    AuditEntry.objects.all().delete()
    now = clock.now()
    people = [alice.user, None, bob.user]
    for number in range(23):
        at = now - timedelta(minutes=number // 4)
        AuditEntry.objects.create(workspace=workspace, action="abc"[number % 3] * 2, user=people[number % 3], at=at)
    return AuditEntry.objects.select_related("user")


def walk(rows, sort, size=5):
    """The pages from the first to the last, and back again."""
    pages, cursor = [], ""
    while cursor or not pages:
        page = keyset_page(rows, sort, cursor, size=size)
        pages.append(page)
        cursor = page.after
    back, cursor = [], pages[-1].before
    while cursor:
        page = keyset_page(rows, sort, cursor, size=size)
        back.append(page)
        cursor = page.before
    return pages, back


SORTS = [["at"], ["-at"], ["action", "-at"], ["-action", "at"], ["user__email"], ["-user__email", "action"]]


@pytest.mark.parametrize("sort", SORTS, ids=",".join)
def test_the_pages_are_the_list_forwards_and_backwards(entries, sort):
    pages, back = walk(entries, sort)
    shown = [row for page in pages for row in page.rows]
    assert len(shown) == len({row.pk for row in shown}) == 23
    assert [(page.first, page.last) for page in pages] == [(1, 5), (6, 10), (11, 15), (16, 20), (21, 23)]
    assert [page.rows for page in back] == [page.rows for page in reversed(pages[:-1])]
    assert [page.first for page in back] == [16, 11, 6, 1]

    def key(row):
        return [(value is None, value) for value in (row.user and row.user.email,)]

    if sort[0] == "user__email":
        assert shown == sorted(shown, key=lambda row: (*key(row), row.pk))
    if sort[0] == "-user__email":
        assert [row.user is None for row in shown] == sorted(row.user is None for row in shown), "nobody comes last"


def test_rows_that_come_meanwhile_move_nothing(entries, workspace):
    first = keyset_page(entries, ["-at"], size=5)
    expected = [row.pk for row in keyset_page(entries, ["-at"], first.after, size=5).rows]
    for _ in range(7):
        AuditEntry.objects.create(workspace=workspace, action="new", at=clock.now() + timedelta(minutes=1))
    first.rows[0].delete()
    assert [row.pk for row in keyset_page(entries, ["-at"], first.after, size=5).rows] == expected


def test_what_is_left_when_rows_went_is_shown(entries):
    first = keyset_page(entries, ["-at"], size=20)
    kept = [row.pk for row in first.rows]
    AuditEntry.objects.exclude(pk__in=kept).delete()
    assert [row.pk for row in keyset_page(entries, ["-at"], first.after, size=20).rows] == kept
    second = keyset_page(entries, ["-at"], keyset_page(entries, ["-at"], size=5).after, size=5)
    AuditEntry.objects.filter(pk__in=kept[:3]).delete()
    assert [row.pk for row in keyset_page(entries, ["-at"], second.before, size=5).rows] == kept[3:8]


def coded(*parts):
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "💥", "A" * 3_000, coded(), coded("a", 1), coded("a", 1, None, 3), coded("c", 1, "2026-11-30T10:00:00Z", 3),
        coded("a", 0, "2026-11-30T10:00:00Z", 3), coded("a", 1, "soon", 3), coded("a", 1, "2026-11-30T10:00:00Z", "x"),
        coded("a", 1, "2026-11-30T10:00:00Z", 10**30), coded("a", 1, {}, 3), coded("a", 1, [], []), "[" * 900,
        coded("a", "1", "2026-11-30T10:00:00Z", 3), coded("a", 1, "2026-11-30T10:00:00Z", 3, 4),
    ],
)  # fmt: skip
def test_a_damaged_cursor_is_refused(entries, cursor):
    assert keyset_page(entries, ["-at"], cursor) == BAD


@pytest.mark.parametrize("at", ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_no_row_can_have_is_refused(entries, at):
    assert keyset_page(entries, ["-at"], coded("a", 1, at, 3)) == BAD


def test_half_a_character_in_a_cursor_is_refused(entries):
    assert keyset_page(entries, ["action"], coded("a", 1, "\ud800", 3)) == BAD


def test_a_list_without_rows_is_one_empty_page(entries):
    assert keyset_page(entries.none(), ["-at"]) == KeysetPage([])


def test_an_order_that_the_rows_do_not_have_is_a_mistake_of_ours(entries):
    with pytest.raises(ValueError, match="AuditEntry has no column colour to sort by"):
        keyset_page(entries, ["colour"])


def test_many_rows_are_counted_so_far_only(entries):
    assert str(count_up_to(entries)) == "23"
    assert str(count_up_to(entries, 20)) == "20+"
    assert str(count_up_to(entries, None)) == "23"


def test_a_page_of_a_list_keeps_its_filter_and_tells_a_damaged_address(entries, alice):
    page = alice.client.get("/w/halden/style-guide/?sort=action&cursor=nonsense")
    listing = page.context["listing"]
    assert page.status_code == 200
    assert listing.refused == BAD
    assert BAD.sentence in page.content.decode()
    assert listing.headings[0].direction == "ascending"
    assert listing.headings[0].url == "/w/halden/style-guide/?sort=-action"
    assert (
        alice.client.get("/w/halden/style-guide/?sort=password").context["listing"].headings[2].direction
        == "descending"
    )
