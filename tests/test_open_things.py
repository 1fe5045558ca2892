"""A closed data directory keeps nothing open; what a run leaves open is found."""

import threading
from collections import Counter

from tests.kit.leaks import OpenThings, grown, open_things


def test_a_closed_data_directory_keeps_nothing_open(ada, data_dir):
    from fullfunnel.events.drain import close_drain, drain_of
    from fullfunnel.events.store import open_store

    close_drain(data_dir)
    before = open_things()
    ada.visits("/pricing")
    store, drain = open_store(), drain_of(data_dir)
    count = "SELECT count(*) AS n FROM events"
    assert store.ask(lambda dialect: count) == [{"n": 1}]
    assert (open_store(), drain_of(data_dir)) == (store, drain)
    assert grown(before, open_things(), most=0) != []
    close_drain(data_dir)
    assert grown(before, open_things(), most=0) == []
    assert open_store() is not store
    assert open_store().ask(lambda dialect: count) == [{"n": 1}]
    # What was closed opens again for whoever still holds it.
    assert store.ask(lambda dialect: count) == [{"n": 1}]
    store.close()


def test_cursors_of_other_threads_are_closed_too(db, data_dir):
    from fullfunnel.events.store import close_store, open_store

    open_store().prepare()
    before, asked, ended = open_things(), threading.Event(), threading.Event()

    def ask():
        open_store().engine.cursor().execute("SELECT 1")
        asked.set()
        ended.wait(60)

    thread = threading.Thread(target=ask)
    thread.start()
    asked.wait(60)
    assert open_things().threads["native"] > before.threads["native"]
    close_store(data_dir)
    assert open_things().threads["native"] == before.threads["native"]
    ended.set()
    thread.join()


def test_what_was_left_open_is_named_with_its_kind(tmp_path):
    before = OpenThings(Counter({"pipe": 2}), Counter({"MainThread": 1}))
    after = OpenThings(Counter({"pipe": 2, "journal.db": 2}), Counter({"MainThread": 1}))
    assert grown(before, after, most=1) == ["4 descriptors, 2 at the beginning; new: {'journal.db': 2}"]
    assert grown(before, after, most=2) == []
    now = open_things()
    with (tmp_path / "left-open").open("w"):
        assert (open_things().descriptors - now.descriptors) == {str(tmp_path / "left-open"): 1}
