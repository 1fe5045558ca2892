"""Who a column means: by its name and its values; records of other systems apart; contradictions told, never merged."""

import json

import pytest

from fullfunnel.people.models import MergeProposal
from fullfunnel.people.tests.world import Stream, people_of

# ../shared/cases/faults 01 and 03.
ORDERS = "Email,event,date\nGina@g.example,paid,2027-01-05\ngina@g.example,paid,2027-01-06\n"
CONTACTS = "Record ID,First Name,Last Name,Email,Lifecycle Stage\n2,Ben,Bond,ben@h.example,Customer\n"


@pytest.fixture
def imported(command, tmp_path):
    """imported("events", "a,b\\n1,2\\n", "--email", "a"): the outcome as JSON, and what was said of the columns."""

    def run(what, text, *words):
        path = tmp_path / "rows.csv"
        path.write_text(text)
        done = command("import", what, path, "--workspace", "halden", "--json", *words)
        assert done.status == 0, done.err
        return json.loads(done.out), done.err

    return run


@pytest.fixture
def stream(workspace):
    return Stream(workspace)


def reasons(tmp_path):
    return [line.split(",")[1] for line in (tmp_path / "rows.csv.refused.csv").read_text().splitlines()[1:]]


def test_a_column_of_addresses_names_the_person_by_address(imported, stream, workspace, stored):
    stream.identify(anonymous="gina-anon", traits={"email": "gina@g.example"})
    outcome, said = imported("events", ORDERS)
    assert (outcome["new"], outcome["refused"]) == (2, 0)
    assert "email = Email" in said
    assert people_of(workspace) == {frozenset({"anonymous_id:gina-anon", "email:gina@g.example"})}
    assert len({event["identity_id"] for event in stored()}) == 1


@pytest.mark.parametrize("spelling", [" GINA@G.example ", "mailto:gina@g.example", "MailTo:Gina@g.example?subject=Hi", "Gina G <gina@g.example>"])  # fmt: skip
@pytest.mark.parametrize("column", ["Email", "Customer", "user_id", "Lead ID"])
def test_an_address_is_one_in_any_spelling_and_column(imported, workspace, spelling, column):
    imported("events", f"{column},event,date\ngina@g.example,paid,2027-01-05\n{spelling},paid,2027-01-06\n")
    assert people_of(workspace) == {frozenset({"email:gina@g.example"})}


def test_one_address_among_user_ids_is_an_address(imported, workspace):
    imported("events", "user_id,event,date\nu1,paid,2027-01-05\nGina@g.example,paid,2027-01-06\n")
    assert people_of(workspace) == {frozenset({"user_id:u1"}), frozenset({"email:gina@g.example"})}


def test_without_a_telling_name_the_only_column_of_addresses_says_who(imported, workspace):
    _, said = imported("events", "Wer,event,date,Stadt\nGina@g.example,paid,2027-01-05,Ulm\n")
    assert "email = Wer" in said
    imported("people", "Wer,Stadt\nGina@g.example,Ulm\n")
    assert people_of(workspace) == {frozenset({"email:gina@g.example"})}


def test_an_address_beside_a_user_id_is_the_same_person(imported, workspace):
    _, said = imported("events", "user_id,email,event,date\nu1,Gina@g.example,paid,2027-01-05\n")
    assert "person = user_id" in said
    assert "email = email" in said
    assert people_of(workspace) == {frozenset({"user_id:u1", "email:gina@g.example"})}


def test_a_user_id_over_http_that_is_an_address_is_that_address(stream, workspace, imported):
    stream.identify(kind="server", user="Gina@G.example")
    imported("people", ORDERS)
    assert people_of(workspace) == {frozenset({"user_id:gina@g.example", "email:gina@g.example"})}


@pytest.mark.parametrize("words", [[], ["--person", "Email"], ["--email", "Email"], ["--rename", "Record ID=crm_id"], ["--no-id", "Record ID"]])  # fmt: skip
def test_another_systems_record_is_not_the_user_of_that_number(imported, stream, workspace, words):
    stream.identify(kind="server", user="2", traits={"email": "zed@z.example", "name": "Zed"})
    outcome, _ = imported("people", CONTACTS, *words)
    record = set() if words[:1] in (["--rename"], ["--no-id"]) else {"record.record_id:2"}
    assert outcome["created"] == 1
    assert people_of(workspace) == {
        frozenset({"user_id:2", "email:zed@z.example"}),
        frozenset({"email:ben@h.example", *record}),
    }


def test_a_column_that_names_nobody_is_a_trait_under_the_name_it_is_given(imported, workspace):
    from fullfunnel.people.models import Person

    imported("people", CONTACTS, "--rename", "Record ID=crm_id")
    assert Person.objects.get().traits["crm_id"] == "2"


def test_a_flag_says_that_a_column_is_a_user_id(imported, stream, workspace):
    stream.identify(kind="server", user="2")
    imported("people", CONTACTS, "--user-id", "Record ID")
    assert people_of(workspace) == {frozenset({"user_id:2", "email:ben@h.example"})}


def test_two_systems_keep_their_numbers_apart(imported, workspace):
    for system in ("hubspot", "pipedrive"):
        imported("people", "Record ID,Name\n7,Somebody\n", "--system", system)
    assert people_of(workspace) == {frozenset({f"record.{s}.record_id:7"}) for s in ("hubspot", "pipedrive")}


def test_events_of_a_record_are_about_the_person_of_that_record(imported, workspace):
    imported("people", "Lead ID,Email\n7,gina@g.example\n", "--system", "zoho")
    imported("events", "Lead ID,event,date\n7,called,2027-01-05\n", "--system", "zoho")
    assert people_of(workspace) == {frozenset({"record.zoho.lead_id:7", "email:gina@g.example"})}


def test_a_row_that_names_two_known_people_is_told_and_merges_nobody(imported, stream, workspace, tmp_path):
    stream.identify(kind="server", user="2", traits={"name": "Zed"})
    stream.identify(kind="server", traits={"email": "ben@h.example"})
    before = people_of(workspace)
    outcome, _ = imported("people", "user_id,email,name\n2,ben@h.example,Ben\n")
    assert (outcome["changed"], outcome["refused"]) == (0, 1)
    assert reasons(tmp_path) == [
        "names two people: its user id is one's and its e-mail address another's; neither was changed (see the proposals in People)"
    ]
    assert people_of(workspace) == before
    assert MergeProposal.objects.count() == 1


def test_a_row_of_events_that_names_two_known_people_merges_nobody(imported, workspace):
    imported("people", "user_id\n2\n")
    imported("people", "email\nben@h.example\n")
    before = people_of(workspace)
    outcome, _ = imported("events", "user_id,email,event,date\n2,ben@h.example,paid,2027-01-05\n")
    assert (outcome["new"], outcome["apart"]) == (1, 1)
    assert people_of(workspace) == before
    assert MergeProposal.objects.get().reason == (
        "one event named the user id of one and the e-mail address of the other"
    )


def test_an_address_of_another_user_is_told_too(imported, stream, workspace, tmp_path):
    stream.identify(kind="server", user="2", traits={"email": "ben@h.example"})
    before = people_of(workspace)
    outcome, _ = imported("people", "user_id,email\n3,ben@h.example\n")
    assert (outcome["created"], outcome["refused"]) == (0, 1)
    assert reasons(tmp_path)[0].startswith(
        "names two people: its e-mail address belongs to somebody with another user id"
    )
    assert people_of(workspace) == before


def test_what_is_saved_reads_the_next_file_the_same(imported, workspace):
    imported(
        "people",
        "Nr,Stadt\n7,Ulm\n",
        "--record-id",
        "Nr",
        "--system",
        "crm",
        "--no-id",
        "Stadt",
        "--save-mapping",
        "crm",
    )
    imported("people", "Nr,Stadt\n8,Ulm\n", "--mapping", "crm")
    assert people_of(workspace) == {frozenset({f"record.crm.nr:{n}"}) for n in (7, 8)}


@pytest.mark.parametrize(
    ("text", "words", "sentence"),
    [
        (ORDERS, ["--system", "Hub Spot"], "--system: a system's name has 1 to 12 of a-z, 0-9, _ and -, such as hubspot"),
        (ORDERS, ["--no-id", "Nobody"], "there is no column 'Nobody'; the file has: Email, event, date"),
        (ORDERS, ["--no-id", "Email"], "no column says the person: name it with --person COLUMN"),
    ],
)  # fmt: skip
def test_flags_that_cannot_be_are_said(command, tmp_path, stored, text, words, sentence):
    path = tmp_path / "rows.csv"
    path.write_text(text)
    done = command("import", "events", path, "--workspace", "halden", *words)
    assert done.status == 2
    assert sentence in done.err
    assert stored() == []


def test_a_column_called_email_without_an_address_is_refused_with_its_name(imported, tmp_path):
    outcome, _ = imported("events", "Email,event,date\nnobody,paid,2027-01-05\n")
    assert (outcome["written"], outcome["refused"]) == (0, 1)
    assert reasons(tmp_path) == ["'Email' holds no e-mail address"]


@pytest.mark.parametrize("what", ["events", "people"])
@pytest.mark.parametrize("column", ["user_id", "Email", "Lead ID", "anonymous_id"])
@pytest.mark.parametrize("value", ["distinctId", "userId", "email", "null"])
def test_a_placeholder_in_a_file_names_nobody(imported, workspace, what, column, value):
    outcome, _ = imported(what, f"{column},event,date\n{value},paid,2027-01-05\n")
    assert outcome["refused"] == 1
    assert people_of(workspace) == set()


def test_nul_in_the_person_costs_no_event_and_is_counted_as_it_comes(imported, stored):
    # ../shared/cases/faults 14.
    outcome, _ = imported(
        "events", "email,event,date\nad\0a@n.example,paid,2026-01-05\nben@n.example,paid,2026-01-05\n"
    )
    assert (outcome["rows"], outcome["new"], outcome["refused"]) == (2, 2, 0)
    assert len(stored()) == 2
