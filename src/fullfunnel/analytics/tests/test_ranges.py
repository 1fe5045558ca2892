"""Work that two threads share."""

import os
from concurrent.futures import wait
from contextlib import nullcontext
from threading import Barrier, Event, Semaphore, get_ident

import pytest

from fullfunnel.journeys.folds import ranges
from fullfunnel.journeys.folds.ranges import shared_work


def test_what_two_threads_made_comes_in_the_order_of_the_things_and_each_is_heard_of_once_by_who_asked():
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
def test_an_error_in_either_thread_ends_the_work_of_both_and_is_raised(who):
    asking, both = get_ident(), Barrier(2)

    def work(thing: int) -> None:
        if thing < 2:
            both.wait(30)
        if (get_ident() == asking) == (who == "asking"):
            raise LookupError(who)

    with pytest.raises(LookupError, match=who):
        shared_work(range(1_000), work, lambda thing: None, 2)


def test_what_who_hears_of_it_raises_ends_the_work():
    def heard(thing: int) -> None:
        raise TimeoutError(thing)

    done = list[int]()
    with pytest.raises(TimeoutError, match="0"):
        shared_work(range(1_000), done.append, heard, 1)
    assert done == [0]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system does not say where threads run")
@pytest.mark.parametrize("fails", [False, True])
def test_each_thread_keeps_to_processors_of_its_own_while_it_works_and_who_asked_has_all_again_after(
    fails,
):
    allowed, both, kept_to = os.sched_getaffinity(0), Barrier(2), dict[int, set[int]]()
    if len(allowed) < 2:
        pytest.skip("one processor")

    def work(thing: int) -> None:
        both.wait(30)
        kept_to[get_ident()] = os.sched_getaffinity(0)
        both.wait(30)
        if fails:
            raise LookupError

    with pytest.raises(LookupError) if fails else nullcontext():
        shared_work(range(2), work, lambda thing: None, 2)
    mine, (others,) = kept_to.pop(get_ident()), kept_to.values()
    assert mine
    assert others
    assert mine | others == allowed
    assert not mine & others
    assert os.sched_getaffinity(0) == allowed


def test_where_all_others_are_at_work_who_asks_does_it_alone():
    over, begun, busy = Event(), Semaphore(0), ranges._helpers._max_workers

    def keep() -> None:
        begun.release()
        over.wait(60)

    kept = [ranges._helpers.submit(keep) for _ in range(busy)]
    try:
        for _ in kept:
            assert begun.acquire(timeout=300)
        done_by = shared_work(range(10), lambda thing: get_ident(), lambda thing: None, 2)
    finally:
        over.set()
        wait(kept)
    assert done_by == [get_ident()] * 10
