"""Work over ranges of rows that lie ready, on two threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from fullfunnel.analytics.watch import Watch

AT_ONCE = 32_768


def each_range(total: int, work: Callable[[int, int], None], watch: Watch) -> None:
    """Calls work(begin, end) for every range of 0 to `total`, in no order. Between ranges `watch` may end it."""
    watch.check()
    threads = min(2, os.cpu_count() or 1) if total > AT_ONCE else 1
    with ThreadPoolExecutor(threads) as pool:
        begun = [pool.submit(work, begin, min(begin + AT_ONCE, total)) for begin in range(0, total, AT_ONCE)]
        try:
            for one in begun:
                one.result()
                watch.check()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
