"""Work over things that lie ready, on two threads."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fullfunnel.analytics.watch import Watch

T = TypeVar("T")
Found = TypeVar("Found")


def each_of(things: Iterable[T], work: Callable[[T], Found], watch: Watch) -> list[Found]:
    """What `work` makes of each thing, in order. Between things `watch` may end it."""
    watch.check()
    found = []
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        begun = [pool.submit(work, one) for one in things]
        try:
            for one in begun:
                found.append(one.result())
                watch.check()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found
