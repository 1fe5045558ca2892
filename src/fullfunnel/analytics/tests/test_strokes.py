"""Small lines as SVG paths."""

import pytest

from fullfunnel.analytics.presenters.strokes import HEIGHT, WIDTH, ceiling, path, strokes


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 1), (1, 1), (2, 2), (6, 10), (11, 15), (76, 100), (301, 400), (1_204, 1_500)]
)
def test_the_top_is_a_round_number_at_or_above_the_largest(largest, top):
    assert ceiling(largest) == top


def test_a_line_is_broken_where_there_is_no_data():
    assert path([0, 10, None, 5, None, 5, 10], 10, 10) == "M0.0 120.0L10.0 0.0M30.0 60.0h2M50.0 60.0L60.0 0.0"


def test_the_last_bucket_is_dotted_while_it_fills():
    drawn = strokes(["1 Jan", "2 Jan", "3 Jan"], [10, 5, 1], [2, 2], incomplete_last=True)
    assert drawn.line == f"M0.0 0.0L{WIDTH / 2:.1f} 60.0"
    assert drawn.dotted == f"M{WIDTH / 2:.1f} 60.0L{WIDTH:.1f} {HEIGHT * 0.9:.1f}"
    assert (drawn.top, drawn.first, drawn.last) == (10, "1 Jan", "3 Jan")
    assert [hover.said for hover in drawn.hovers] == [
        "1 Jan: 10, 2 in the period before",
        "2 Jan: 5, 2 in the period before",
        "3 Jan: 1",
    ]


def test_nothing_is_drawn_of_nothing():
    assert strokes([], [], [], incomplete_last=False).line == ""
