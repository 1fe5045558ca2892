"""A tagged link has one spelling, keeps what the address had, and warns where no channel knows it."""

import pytest

from fullfunnel.campaigns.tags import tagged_link
from fullfunnel.core.refused import Refused

TAGS = {"source": "google", "medium": "cpc", "campaign": "brand"}


def test_tags_are_written_small_and_replace_those_that_were_there():
    made = tagged_link(
        "https://halden.example/a?x=1&utm_source=old#top",
        {"source": " Google ", "medium": "CPC", "campaign": "Spring Sale"},
    )
    assert made.url == "https://halden.example/a?x=1&utm_source=google&utm_medium=cpc&utm_campaign=spring-sale#top"
    assert made.channel == "Paid Search"
    assert [said.split(":")[0] for said in made.warnings] == [
        "Source is written “google”", "Medium is written “cpc”", "Campaign is written “spring-sale”",
    ]  # fmt: skip


def test_a_source_and_medium_that_no_channel_knows_are_warned_of():
    made = tagged_link("https://halden.example/", TAGS | {"source": "magazine", "medium": "print"})
    assert made.channel == "Unassigned"
    assert "No channel has the source “magazine” with the medium “print”" in made.warnings[0]
    assert tagged_link("https://halden.example/", TAGS).warnings == ()


@pytest.mark.parametrize(
    ("address", "tags", "field"),
    [("halden.example", TAGS, "address"), ("javascript:alert(1)", TAGS, "address"), ("https://a.example", TAGS | {"medium": " "}, "medium"),
     ("https://a.example", TAGS | {"term": "x" * 201}, "term")],
)  # fmt: skip
def test_what_makes_no_link_is_refused_beside_its_field(address, tags, field):
    made = tagged_link(address, tags)
    assert isinstance(made, Refused)
    assert made.field == field


def test_the_page_makes_a_link_and_says_its_channel(carol, workspace):
    page = carol.client.get(
        "/w/halden/campaigns/link/", TAGS | {"address": "https://halden.example/pricing"}
    ).content.decode()
    assert "https://halden.example/pricing?utm_source=google&amp;utm_medium=cpc&amp;utm_campaign=brand" in page
    assert "counts as <b>Paid Search</b>" in page
