"""The overview's two lines: a bucket without any event, where plenty usually arrives, is no data and not zero."""

from datetime import date, timedelta

from fullfunnel.analytics.lines import lines_of

START = date(2026, 3, 1)


def trend(people, events, *, by="day", incomplete=False):
    step = timedelta(days=7 if by == "week" else 1)
    rows = [
        {
            "series": series,
            "at": f"{START + at * step}T00:00:00",
            "value": value,
            "incomplete": incomplete and at == len(values) - 1,
        }
        for series, values in ((1, people), (2, events))
        for at, value in enumerate(values)
    ]
    return {"by": by, "rows": rows}


BEFORE = trend([9, 9, 9, 9, 9], [90, 90, 90, 90, 90])


def test_days_without_any_event_break_the_line_and_are_named():
    lines = lines_of(trend([30, 31, 0, 0, 32], [300, 310, 0, 0, 320]), BEFORE)
    assert [series["values"] for series in lines.people.chart["series"]] == [[30, 31, None, None, 32], [9] * 5]
    assert lines.events.chart["series"][0]["values"] == [300, 310, None, None, 320]
    assert lines.rows[2] == ("3 Mar 2026", None, 9, None, 90)
    assert lines.silence == "No event arrived from 3 Mar 2026 to 4 Mar 2026: there the line is broken."


def test_of_several_silences_the_last_is_named():
    lines = lines_of(trend([30, 0, 31, 0, 32], [300, 0, 310, 0, 320]), BEFORE)
    assert lines.silence == "No event arrived on 4 Mar 2026, nor at times before: there the line is broken."


def test_a_silent_week_is_named_as_a_week():
    lines = lines_of(trend([30, 0, 31], [300, 0, 310], by="week"), BEFORE)
    assert lines.silence == "No event arrived in the week of 8 Mar 2026: there the line is broken."


def test_where_few_events_arrive_a_day_without_one_is_zero():
    lines = lines_of(trend([3, 0, 4, 2, 1], [19, 0, 19, 19, 19]), BEFORE)
    assert (lines.people.chart["series"][0]["values"], lines.silence) == ([3, 0, 4, 2, 1], "")


def test_a_day_that_is_not_over_may_still_hear_something():
    lines = lines_of(trend([30, 31, 32, 33, 0], [300, 310, 320, 330, 0], incomplete=True), BEFORE)
    assert (lines.people.chart["series"][0]["values"], lines.silence) == ([30, 31, 32, 33, 0], "")


def test_the_period_before_has_the_colour_of_its_measure():
    lines = lines_of(trend([1], [1]), BEFORE)
    assert [(series["hue"], series.get("dashed", False)) for series in lines.people.chart["series"]] == [
        (1, False),
        (1, True),
    ]
