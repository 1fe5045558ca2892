"""Work that two threads share: the one that asks for it, and another."""

import ctypes
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TypeVar

from fullfunnel.journeys.watch import Watch

T = TypeVar("T")
Found = TypeVar("Found")
# To begin a thread takes longer than a small thing. Who finds all eight at work goes on alone.
_helpers = ThreadPoolExecutor(8, thread_name_prefix="folding")


def threads_at_most() -> int:
    """How many threads are worth while: two, or one where there is one processor for us."""
    return min(2, len(_allowed()) or os.cpu_count() or 1)


def shared_work(
    things: Iterable[T], work: Callable[[T], Found], heard: Callable[[T], object], threads: int
) -> list[Found]:
    """What `work` makes of each thing, in order, by at most two threads. `heard` is told, by the thread that asks, what is done; what
    it raises ends the work.

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

    if threads == 1:
        take(True)
    else:
        _both(take)
    for thing in unheard:
        heard(thing)
    return [found[at] for at in range(len(found))]


def _both(take: Callable[[bool], None]) -> None:
    """take(True) in this thread and take(False) in another, each on processors of its own."""
    with _apart() as others:

        def help_out() -> None:
            _keep_to(others)
            take(False)

        helper = _helpers.submit(help_out)
        try:
            take(True)
        finally:
            # What is worked on may be gone once this returns.
            if not helper.cancel():
                wait([helper])
    if not helper.cancelled():
        helper.result()


@contextmanager
def _apart() -> Iterator[set[int]]:
    """Keeps this thread to one half of the processors, and gives the other half; where that cannot be said, none.

    A thread that waited is put beside the one that woke it. On a virtual machine the kernel takes a processor that idled for one that
    its host took away, and leaves both on one for milliseconds: longer than most questions take (adr/0038).
    """
    allowed = _allowed()
    halves = set(allowed[: len(allowed) // 2]), set(allowed[len(allowed) // 2 :])
    if not halves[0]:
        yield set()
        return
    here = ctypes.CDLL(None).sched_getcpu() in halves[1]
    _keep_to(halves[here])
    try:
        yield halves[not here]
    finally:
        _keep_to(set(allowed))


def _allowed() -> list[int]:
    """The processors that this thread may use; none where the system does not say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def _keep_to(processors: set[int]) -> None:
    """A container may forbid it; then it is only slower."""
    if processors:
        with suppress(OSError):
            os.sched_setaffinity(0, processors)


def each_of(things: Iterable[T], work: Callable[[T], Found], watch: Watch) -> list[Found]:
    """The same by two threads. Between things `watch` may end it."""
    watch.check()
    return shared_work(things, work, lambda thing: watch.check(), threads_at_most())
