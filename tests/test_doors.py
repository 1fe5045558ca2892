"""Doors: which paths of the one port the rooms' own ASGI applications answer, and that Django answers all others."""

import re

import pytest
from django.urls import Resolver404, resolve

from fullfunnel.capture import asgi as capture
from fullfunnel.config import wiring
from fullfunnel.config.doors import Doors, Receive, Scope, Send


async def links(scope: Scope, receive: Receive, send: Send) -> None:
    """An application of a room to come."""


def test_the_door_of_capture_has_the_paths_that_capture_reads_and_no_other():
    [paths] = [paths for name, paths, _ in wiring.DOORS if name == "capture"]
    assert sorted(paths) == sorted([*capture.KINDS, capture.SNIPPET])


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/v1/", "/v1/nothing", "/v1//track", "/v1/track/", "/v1/track/../../w/halden/", "/v1/TRACK", "/v1/track ",
        "/v1/projects", "/v1/export", "//ff.js", "/api/v1/ask", "/w/halden/funnel/",
    ],
)  # fmt: skip
def test_every_other_path_is_for_django(path):
    assert Doors(wiring.DOORS).application_for(path) is None


def test_a_path_opens_a_door_if_it_is_the_same_or_below_its_prefix():
    doors = Doors([*wiring.DOORS, ("links", ["/l/", "/pixel.gif"], f"{__name__}.links")])
    opened = {
        path: doors.application_for(path) for path in ("/l/", "/l/abc", "/l/abc/d", "/pixel.gif", "/v1/t", "/ff.js")
    }
    assert opened == dict.fromkeys(("/l/", "/l/abc", "/l/abc/d", "/pixel.gif"), links) | dict.fromkeys(
        ("/v1/t", "/ff.js"), capture.application
    )
    assert [doors.application_for(path) for path in ("/l", "/lx/", "/pixel.gif/", "/w/l/")] == [None] * 4


def test_no_path_is_two_doors_or_a_door_and_a_page():
    paths = [path for _, paths, _ in wiring.DOORS for path in paths]
    assert len(paths) == len(set(paths))
    assert [path for path in paths if path.endswith("/") and not re.fullmatch(r"/[a-z0-9-]+/", path)] == []
    for path in paths:
        with pytest.raises(Resolver404):
            resolve(path)
