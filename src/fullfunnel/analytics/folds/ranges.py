"""Work that two threads share: the one that asks for it, and another."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from fullfunnel.analytics.watch import Watch

T = TypeVar("T")
Found = TypeVar("Found")


def shared_work(
    things: Iterable[T], work: Callable[[T], Found], heard: Callable[[T], object], threads: int
) -> list[Found]:
    """What `work` makes of each thing, in order. `heard` is told, by the thread that asks, what is done; what it raises ends the work.

    Careful: that thread works, too. To hand things to others and to wait for each took as long as a small thing itself.
    """
    left, lock, found, unheard = enumerate(things), Lock(), dict[int, Found](), list[T]()

    def take(hears: bool) -> None:
        try:
            while True:
                with lock:
                    at, thing = next(left, (-1, None))
                if thing is None:
                    return
                found[at] = work(thing)
                unheard.append(thing)
                while hears and unheard:
                    heard(unheard.pop())
        except BaseException:
            # Nothing is left for the other.
            with lock:
                list(left)
            raise

    with ThreadPoolExecutor() as pool:
        others = [pool.submit(take, False) for _ in range(threads - 1)]
        take(True)
        for other in others:
            other.result()
    for thing in unheard:
        heard(thing)
    return [found[at] for at in range(len(found))]


def each_of(things: Iterable[T], work: Callable[[T], Found], watch: Watch) -> list[Found]:
    """The same by two threads. Between things `watch` may end it."""
    watch.check()
    return shared_work(things, work, lambda thing: watch.check(), min(2, os.cpu_count() or 1))
