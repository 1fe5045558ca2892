"""What a stranger typed goes through the outbox, and is believed as little as what a browser sends to capture."""

import msgspec
import pytest

from fullfunnel.events.erasure import erase_waiting
from fullfunnel.events.event import Arrival
from fullfunnel.events.models import Outbox, Refusal
from fullfunnel.events.record import Sender, record_event
from fullfunnel.events.store import open_store
from fullfunnel.people.models import Consent, Identity, Merge, Person
from fullfunnel.workspaces.models import Source, Workspace
from tests.kit.cast import CHROME, drain, send

NOON = 1_767_268_800_000_000
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def jane(server):
    """Jane as the server knows her: a user with an address, a plan, and a no to e-mail; and one more user, Kim."""
    says = {"consent": {"categoryPreferences": {"email": False}}}
    traits = {"email": "jane@example.com", "plan": "gold"}
    about = {"user": "jane", "email": "jane@example.com", "traits": traits, "context": says}
    kim = Arrival(kind="identify", name="person_identified", at=NOON, id="k", user="kim", anonymous="kims-phone")
    send(server, [Arrival(kind="identify", name="person_identified", at=NOON, id="j", **about), kim])
    drain()
    return Identity.objects.get(kind="user_id", value="jane").person


def typed(number=1, **fields):
    """What a form would record of what somebody typed into it."""
    return Arrival(
        name="form_submitted", at=NOON + number, id=f"f{number}", properties={"form": "Newsletter"}, **fields
    )


def claims_to_be_jane(workspace, sender):
    """Claims her address twice: from a browser never seen, and from one that is Kim's."""
    says = {"consent": {"categoryPreferences": {"email": True}}}
    for number, browser in enumerate(("evil", "kims-phone"), 1):
        arrival = typed(number, anonymous=browser, email="jane@example.com", traits={"plan": "none"}, context=says)
        record_event(workspace.pk, arrival, said_by=sender)
    drain()


def stored(workspace, columns):
    return open_store().ask(
        lambda d: f"SELECT {columns} FROM events WHERE workspace_id = ? AND name = 'form_submitted' ORDER BY seq",
        [workspace.pk],
    )


def test_an_address_typed_into_a_form_overwrites_nothing_and_merges_nobody(workspace, jane, website):
    claims_to_be_jane(workspace, Sender(website, "203.0.113.9", CHROME))
    jane.refresh_from_db()
    assert jane.traits == {"email": "jane@example.com", "plan": "gold"}
    assert list(Consent.objects.values_list("person", "purpose", "given")) == [(jane.pk, "email", False)]
    assert Merge.objects.count() == 0
    assert Identity.objects.get(value="evil").person == jane
    assert Identity.objects.get(value="kims-phone").person == Identity.objects.get(value="kim").person != jane
    assert len(stored(workspace, "seq")) == 2


def test_a_server_is_believed_through_the_outbox_as_through_its_key(workspace, jane, server):
    claims_to_be_jane(workspace, Sender(server))
    jane.refresh_from_db()
    assert jane.traits["plan"] == "none"
    assert Consent.objects.get(person=jane).given


def test_a_stranger_cannot_hang_a_user_id_onto_somebody_elses_address(workspace, jane, website):
    record_event(workspace.pk, typed(user="evil", email="jane@example.com"), said_by=Sender(website))
    drain()
    assert Identity.objects.get(value="evil").person != jane
    assert Identity.objects.get(value="jane@example.com").person == jane
    assert Person.objects.filter(merged_into=None).count() == 3


def test_what_was_typed_carries_its_source_its_device_and_its_channel(workspace, website):
    page = {"url": "https://halden.example/pricing?utm_source=google&utm_medium=cpc", "timezone": "Europe/Berlin"}
    record_event(workspace.pk, typed(anonymous="a", context=page), said_by=Sender(website, "203.0.113.9", CHROME))
    drain()
    columns = "source_id, actor, browser, channel, source, path, country"
    assert stored(workspace, columns) == [
        {"source_id": website.pk, "actor": "person", "browser": "Chrome", "channel": "Paid Search", "source": "google",
         "path": "/pricing", "country": "DE"},
    ]  # fmt: skip


def test_what_a_bot_typed_is_dropped_with_the_reason(workspace, website):
    record_event(workspace.pk, typed(anonymous="a"), said_by=Sender(website, "203.0.113.9", BOT))
    drain()
    assert stored(workspace, "seq") == []
    refused = Refusal.objects.get()
    assert (refused.source_id, refused.reason[:5]) == (website.pk, "bot: ")
    assert Person.objects.count() == 0


def test_our_own_word_is_believed_and_only_promoted(workspace, jane):
    own = typed(user="jane", context={"url": "https://halden.example/?utm_source=google"})
    own.properties = {"channel": "Referral", "form": "Newsletter"}
    record_event(workspace.pk, own)
    drain()
    assert stored(workspace, "source_id, channel, source, path") == [
        {"source_id": 0, "channel": "Referral", "source": None, "path": None}
    ]


def test_a_source_of_another_workspace_says_nothing_here(workspace, charlie):
    elsewhere = Workspace.objects.get(slug="elsewhere")
    source = Source.objects.create(workspace=elsewhere, name="Website", kind="web")
    with pytest.raises(ValueError, match="another workspace"):
        record_event(workspace.pk, typed(anonymous="a"), said_by=Sender(source))
    assert Outbox.objects.count() == 0


def test_who_is_erased_leaves_no_address_of_a_machine_behind(workspace, website):
    record_event(workspace.pk, typed(email="jane@example.com"), said_by=Sender(website, "203.0.113.9", CHROME))
    assert erase_waiting(workspace.pk, ["jane@example.com"], lambda arrival: arrival.email == "jane@example.com") == 1
    row = Outbox.objects.get()
    assert (msgspec.json.decode(row.arrival)["kind"], row.ip, row.user_agent) == ("erased", "", "")
