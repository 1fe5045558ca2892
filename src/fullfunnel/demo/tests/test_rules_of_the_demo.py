"""The demo company has the default and one adopted change in its past; no stage counts otherwise for it."""

from fullfunnel.demo.company import adopt_own_rules
from fullfunnel.stages.models import RuleVersion
from fullfunnel.stages.rules.kept import kept_rules
from fullfunnel.workspaces.models import Membership
from tests.kit.cast import days_ago


def test_halden_has_a_version_of_its_own_in_its_past(alice, workspace):
    by, before = Membership.objects.get(user=alice.user), kept_rules(workspace).rules
    adopt_own_rules(workspace, by, days_ago(365), days_ago(90))
    first, second = RuleVersion.objects.order_by("number")
    assert (first.note, first.adopted_at.date()) == ("The default", days_ago(365).date())
    assert (second.adopted_by, second.adopted_at.date()) == (alice.user, days_ago(90).date())
    now = kept_rules(workspace).rules
    assert (now.number, now.rules, now.by_score) == (2, before.rules, before.by_score)
    assert {one.reason: one.points for one in now.weights.engagement}["guide downloaded"] == 20
