"""The drawing of paths: every box as high as its people, at most 30 flows, the rest folded or left out and said so."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullfunnel.analytics.kinds.sankey import LABEL, MAX_LINKS, NODE, OTHER, ROOM, WIDTH, folded, sankey


def link(depth, start, end, count):
    return {"depth": depth, "from": start, "to": end, "count": count, "seconds": {"median": None}}


NODES = [
    {"depth": 0, "name": "a", "count": 10},
    {"depth": 1, "name": "b", "count": 7},
    {"depth": 1, "name": "(end)", "count": 3},
]
LINKS = [link(1, "a", "b", 7), link(1, "a", "(end)", 3)]


def test_the_anchor_stands_left_and_what_came_after_right_of_it():
    drawing = sankey(NODES, LINKS, "after")
    assert [(node.name, node.x, node.height) for node in drawing.nodes] == [
        ("a", 0.0, ROOM),
        ("b", WIDTH - NODE - LABEL, 238.0),
        ("(end)", WIDTH - NODE - LABEL, 102.0),
    ]
    assert [(flow.start.name, flow.end.name, flow.count) for flow in drawing.flows] == [
        ("a", "b", 7),
        ("a", "(end)", 3),
    ]
    assert drawing.left_out == 0


def test_what_came_before_stands_left_of_the_anchor():
    nodes = [{"depth": 0, "name": "a", "count": 10}, {"depth": 1, "name": "b", "count": 10}]
    drawing = sankey(nodes, [link(1, "b", "a", 10)], "before")
    assert [(node.name, node.x) for node in drawing.nodes] == [("a", WIDTH - NODE - LABEL), ("b", 0.0)]
    assert (drawing.flows[0].start.name, drawing.flows[0].end.name) == ("b", "a")


def test_an_answer_about_nobody_draws_nothing():
    assert sankey([], [], "after").nodes == []


links = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from("abcdefgh"),
        st.sampled_from([*"abcdefgh", "(end)", OTHER]),
        st.integers(1, 99),
    ),
    max_size=120,
    unique_by=lambda row: row[:3],
)


@given(links)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_is_lost_in_the_folding(listed):
    flows, left_out = folded([link(*row) for row in listed], "after")
    assert len(flows) <= MAX_LINKS
    assert flows.total() + left_out == sum(row[3] for row in listed)


def test_a_long_name_leaves_room_for_the_count():
    (node,) = sankey([{"depth": 0, "name": "x", "count": 1234}], [], "after").nodes
    assert node.fitting("/pricing") == "/pricing"
    assert node.fitting("/guides/shift-planning-basics") == "/guides/shi…"
