"""How far a long command is: on a terminal one line that changes, elsewhere a line every few seconds."""

import sys
import time


class Progress:
    """`total` in any unit (bytes, rows); 0 when unknown. Written to stderr, so that stdout stays clean for scripts."""

    def __init__(self, noun: str, total: int) -> None:
        self.noun = noun
        self.total = total
        self.began = self.said = time.monotonic()
        self.is_terminal = sys.stderr.isatty()
        self.told = -1

    def update(self, count: int, done: int, *, last: bool = False) -> None:
        """Says `count` things are done, being `done` of the total; not more often than a reader wants."""
        now = time.monotonic()
        # On a terminal the last word also ends the line.
        if last and count == self.told and not self.is_terminal:
            return
        if not last and now - self.said < (0.2 if self.is_terminal else 5.0):
            return
        self.said, self.told = now, count
        rate = count / max(now - self.began, 0.001)
        line = f"  {count:,} {self.noun}, {rate:,.0f} a second"
        if not last and 0 < done < self.total:
            line += f", about {duration((now - self.began) * (self.total - done) / done)} left"
        end = "\n" if last or not self.is_terminal else ""
        print(("\r\x1b[K" if self.is_terminal else "") + line, end=end, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes away the line that changes: what it counted is over, and the answer says the rest."""
        if self.is_terminal and self.told >= 0:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Seconds as people say them: 40 s, 3 min, 2 h 5 min."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
