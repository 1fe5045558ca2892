"""Hours of a day as people write and read them: "9:00-12:30, 13:30-18:00"."""

from collections.abc import Mapping

from fullfunnel.core.business_time.calendar import MINUTES, Spans
from fullfunnel.core.refused import Refused


def read_spans(text: str) -> Spans | Refused:
    """Read "9-12:30, 13:30-18" or "22:00-06:00"; "" is closed. Spans of a day do not overlap."""
    spans = []
    for part in filter(None, (each.strip() for each in text.replace("–", "-").replace(";", ",").split(","))):
        begin, _, end = part.partition("-")
        found = (_minutes(begin.strip()), _minutes(end.strip()))
        if found[0] is None or found[1] is None or found[0] == MINUTES or found[0] == found[1]:
            return Refused(f"“{part[:40]}” is no span of hours; write them like 9:00-12:30, 13:30-18:00.")
        spans.append((found[0], found[1]))
    spans.sort()
    ends = [end if end > begin else end + MINUTES for begin, end in spans]
    if any(begin < before for before, (begin, _) in zip(ends, spans[1:], strict=False)):
        return Refused(f"“{text[:60]}” has hours that overlap.")
    return tuple(spans)


def _minutes(text: str) -> int | None:
    hours, _, minutes = text.partition(":")
    if not (hours.isascii() and hours.isdigit() and (minutes or "0").isascii() and (minutes or "0").isdigit()):
        return None
    found = int(hours[:3]) * 60 + int((minutes or "0")[:3])
    return found if found <= MINUTES and int(minutes or "0") < 60 else None


def written_spans(spans: Spans) -> str:
    """Write spans as `read_spans` reads them: "9:00-12:30, 13:30-18:00"."""
    return ", ".join(f"{begin // 60}:{begin % 60:02}-{end // 60}:{end % 60:02}" for begin, end in spans)


def short_spans(spans: Spans) -> str:
    """Write spans for reading: "9–17", "9–12:30, 13:30–18"."""

    def short(minutes: int) -> str:
        return f"{minutes // 60}:{minutes % 60:02}" if minutes % 60 else str(minutes // 60)

    return ", ".join(f"{short(begin)}–{short(end)}" for begin, end in spans)


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def week_words(week: Mapping[int, Spans]) -> str:
    """Write a week for reading, days with the same hours together: "Mon–Thu 8–16, Fri 8–12"."""
    runs: list[tuple[int, int, Spans]] = []
    for day in range(1, 8):
        spans = tuple(week.get(day, ()))
        if runs and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    names = [(WEEKDAYS[first - 1], WEEKDAYS[last - 1], spans) for first, last, spans in runs if spans]
    words = (f"{first if first == last else f'{first}–{last}'} {short_spans(spans)}" for first, last, spans in names)
    return ", ".join(words) or "no hours"
