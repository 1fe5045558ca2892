import asyncio
import sqlite3
import threading
from pathlib import Path

import msgspec
import pytest

from fullfunnel.events.journal import Entry, GroupCommit, Journal, JournalBusy


def entry(text: str = "[]", count: int = 1, **more) -> Entry:
    return Entry(
        received_at=1_700_000_000_000_000,
        workspace_id=7,
        source_id=3,
        source_kind="web",
        items=text.encode(),
        count=count,
        **more,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "data" / "journal.db")


def test_an_entry_comes_back_exactly_as_it_was_put(journal):
    full = entry('[{"name":"é"}]', ip="2001:db8::1", user_agent="x", refused=b'[["why","what"]]', forever=True)
    assert journal.append([full, entry()]) == [1, 2]
    assert journal.read(1, 2) == [(1, full), (2, entry())]
    assert Journal(journal.path).read(2, 9) == [(2, entry())]


def test_an_entry_the_disk_refuses_leaves_nothing_behind(journal):
    journal.append([entry()])
    with pytest.raises(sqlite3.IntegrityError):
        journal.append([entry(), entry(count=None)])
    assert [row_id for row_id, _ in journal.read(0, 99)] == [1]
    assert journal.append([entry()]) == [2]


def test_ids_are_not_used_again_after_the_last_row_is_forgotten(journal):
    journal.append([entry(), entry()])
    with journal.writing() as connection:
        connection.execute("DELETE FROM journal")
    assert journal.last_id() == 2
    assert journal.append([entry()]) == [3]


def test_a_range_ends_before_it_grows_too_large_but_takes_at_least_one_row(journal):
    journal.append([entry(count=30), entry(count=5), entry(count=5), entry("[" + " " * 999 + "]")])
    assert journal.next_range(0, most_items=10, most_bytes=100) == (1, 30)
    assert journal.next_range(1, most_items=10, most_bytes=100) == (3, 10)
    assert journal.next_range(3, most_items=10, most_bytes=100) == (4, 1)
    assert journal.next_range(4, most_items=10, most_bytes=100) == (4, 0)


def test_many_threads_append_and_every_id_is_given_once(journal):
    ids: list[int] = []
    threads = [
        threading.Thread(target=lambda: ids.extend(i for _ in range(25) for i in journal.append([entry()])))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ids) == list(range(1, 101))


def test_entries_of_many_requests_share_transactions(journal):
    groups: list[int] = []
    plain = journal.append
    journal.append = lambda entries: (groups.append(len(entries)), plain(entries))[1]  # type: ignore[method-assign]

    async def crowd() -> None:
        group = GroupCommit(journal)
        await asyncio.gather(*(group.put(entry()) for _ in range(200)))

    asyncio.run(crowd())
    assert journal.last_id() == 200
    assert sum(groups) == 200
    assert len(groups) < 20


def test_an_entry_that_cannot_be_written_fails_its_request_and_the_next_group_goes_on(journal):
    async def two() -> None:
        group = GroupCommit(journal)
        with pytest.raises(sqlite3.IntegrityError):
            await group.put(entry(count=None))
        await group.put(entry())

    asyncio.run(two())
    assert [row_id for row_id, _ in journal.read(0, 99)] == [1]


def test_more_than_may_wait_is_refused_and_not_kept(journal):
    async def flood() -> list[object]:
        group = GroupCommit(journal, most_waiting_bytes=10)
        return await asyncio.gather(*(group.put(entry("[      ]")) for _ in range(3)), return_exceptions=True)

    assert [type(outcome) for outcome in asyncio.run(flood())] == [type(None), JournalBusy, JournalBusy]
    assert journal.last_id() == 1


def test_of_two_who_change_an_entry_at_once_none_undoes_the_other(journal):
    [row] = journal.append([entry()])

    def change():
        for _ in range(100):
            journal.change(row, lambda now: msgspec.structs.replace(now, count=now.count + 1))
        journal.close()

    threads = [threading.Thread(target=change) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.read(row, row)[0][1].count == 201
