"""A workspace says which addresses are which kind of page; the defaults hold otherwise."""

import pytest

from fullfunnel.journeys.stages.page_kinds import DEFAULTS
from fullfunnel.segments.dataset import dataset_of
from fullfunnel.stages.models import PageKind
from fullfunnel.stages.page_kinds import TITLES, pages_of
from fullfunnel.workspaces.models import AuditEntry

HERE = "/w/halden/settings/pages/"


def filled(**changed):
    return {kind: "\n".join(patterns) for kind, patterns in DEFAULTS.items()} | changed


def test_the_page_shows_the_defaults(alice):
    form = alice.client.get(HERE).context["form"]
    assert form["price"].value().split() == list(DEFAULTS["price"])
    assert set(TITLES) == set(DEFAULTS)


def test_what_is_kept_holds_for_questions_and_is_audited(alice, workspace):
    before = dataset_of(workspace).facts.version
    assert alice.client.post(HERE, filled(price="/kosten\n/kosten/*\n/kosten")).status_code == 302
    assert pages_of(workspace) == {"price": ("/kosten", "/kosten/*")}
    facts = dataset_of(workspace).facts
    assert facts.selling.pages == {"price": ("/kosten", "/kosten/*")}
    assert facts.version != before
    entry = AuditEntry.objects.get(workspace=workspace, action="set_page_kinds")
    assert entry.detail == {"price": [list(DEFAULTS["price"]), ["/kosten", "/kosten/*"]]}


def test_the_defaults_again_keep_nothing(alice, workspace):
    alice.client.post(HERE, filled(price="/kosten", careers=""))
    assert pages_of(workspace) == {"careers": (), "price": ("/kosten",)}
    alice.client.post(HERE, filled())
    assert not PageKind.objects.filter(workspace=workspace).exists()


@pytest.mark.parametrize("path", ["pricing", "/a?b", "https://halden.example/pricing", "/" + "a" * 200])
def test_what_is_no_path_is_refused_beside_its_box(alice, workspace, path):
    answer = alice.client.post(HERE, filled(price=path, content="/news/*"))
    assert answer.status_code == 422
    assert "is no path" in answer.content.decode()
    assert pages_of(workspace) == {}


def test_only_admins_may(bob, workspace):
    assert bob.client.post(HERE, filled(price="/kosten")).status_code == 403
    assert pages_of(workspace) == {}


def test_a_stranger_sees_nothing(charlie):
    assert charlie.client.get(HERE).status_code == 404


def test_own_people_are_members_and_their_domains_but_not_free_mail(alice, workspace):
    from tests.kit.cast import Member

    Member("carla@gmail.com", "Carla").joins(workspace, "viewer")
    assert dataset_of(workspace).facts.selling.own == ("@halden.example", "alice@halden.example", "carla@gmail.com")
