"""Work that two threads share."""

from threading import Barrier, get_ident

import pytest

from fullfunnel.analytics.folds.ranges import shared_work


def test_what_two_threads_made_comes_in_the_order_of_the_things_and_each_is_heard_of_once_by_who_asked() -> None:
    both, done_by, heard = Barrier(2), set[int](), list[tuple[int, int]]()

    def work(thing: int) -> int:
        if thing < 2:
            both.wait(30)
        done_by.add(get_ident())
        return thing * thing

    found = shared_work(range(100), work, lambda thing: heard.append((thing, get_ident())), 2)
    assert found == [thing * thing for thing in range(100)]
    assert len(done_by) == 2
    assert sorted(heard) == [(thing, get_ident()) for thing in range(100)]


@pytest.mark.parametrize("who", ["asking", "other"])
def test_an_error_in_either_thread_ends_the_work_of_both_and_is_raised(who: str) -> None:
    asking, both = get_ident(), Barrier(2)

    def work(thing: int) -> None:
        if thing < 2:
            both.wait(30)
        if (get_ident() == asking) == (who == "asking"):
            raise LookupError(who)

    with pytest.raises(LookupError, match=who):
        shared_work(range(1_000), work, lambda thing: None, 2)


def test_what_who_hears_of_it_raises_ends_the_work() -> None:
    def heard(thing: int) -> None:
        raise TimeoutError(thing)

    done = list[int]()
    with pytest.raises(TimeoutError, match="0"):
        shared_work(range(1_000), done.append, heard, 1)
    assert done == [0]
