"""Halden's spend by day adds up to what its truth says of the last quarter, channel by channel."""

from collections import Counter
from datetime import date, timedelta

from fullfunnel.campaigns.spending import load_spending
from fullfunnel.core import clock
from fullfunnel.demo.halden_campaigns import CAMPAIGNS, CHANNELS, make_campaigns, spent
from fullfunnel.demo.plan import last_midnight
from fullfunnel.demo.truth import HALDEN


def test_the_last_ninety_days_cost_what_the_truth_says_of_each_channel():
    end, sums = date(2026, 12, 1), Counter[str]()
    for one in CAMPAIGNS:
        lines = spent(one, end)
        assert len({line.day for line in lines}) == len(lines) == 400
        sums[one.channel] += sum(line.amount for line in lines if line.day >= end - timedelta(days=90))
    assert sums == {channel.name: channel.spend for channel in HALDEN.channels if channel.spend}


def test_all_of_it_belongs_to_a_campaign_of_a_channel_that_the_company_has(alice, workspace):
    make_campaigns(workspace, by=workspace.memberships.get(user=alice.user), end=last_midnight(clock.now()))
    found = load_spending(workspace)
    assert (found.unmatched, found.unconverted, len(found.programs)) == ((), (), len(CAMPAIGNS))
    assert {program.group for program in found.programs} <= {name for name, _ in CHANNELS.values()}
