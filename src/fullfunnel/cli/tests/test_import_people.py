import json
from pathlib import Path
from typing import Any

from fullfunnel.people.models import Person
from fullfunnel.workspaces.models import Workspace

CONTACTS = "Email,First Name,Last Name,Company Name,Plan\nada@x.example,Ada,Lovelace,Acme,pro\nnobody,Ben,Byron,Acme,\n"


def test_contacts_become_people_and_a_second_run_changes_nothing(command, tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS)
    words = ("import", "people", path, "--workspace", "halden", "--json")
    done = command(*words)
    assert done.status == 0
    assert json.loads(done.out) == {
        "rows": 2, "created": 1, "changed": 0, "unchanged": 0, "refused": 1, "refused_file": f"{path}.refused.csv",
    }  # fmt: skip
    assert (
        "email = Email, first_name = First Name, last_name = Last Name, company = Company Name; traits: Plan"
        in done.err
    )
    person = Person.objects.get()
    assert (person.email, person.traits["Plan"], person.company.key) == ("ada@x.example", "pro", "Acme")
    assert json.loads(command(*words).out)["unchanged"] == 1


def test_a_dry_run_says_what_would_happen(command, tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS)
    done = command("import", "people", path, "--workspace", "halden", "--dry-run")
    assert done.out.startswith(
        "2 rows read: 1 new, 0 changed, 0 unchanged, 1 refused (nothing was written)\n"
        "  line 3: names nobody: its user id or e-mail address is empty, no address, or a placeholder such as 0 or null"
    )
    assert not Person.objects.exists()
    assert not Path(f"{path}.refused.csv").exists()


def test_a_flag_that_means_nothing_for_people_is_refused(command, tmp_path):
    path = tmp_path / "contacts.csv"
    path.write_text(CONTACTS)
    done = command("import", "people", path, "--workspace", "halden", "--session", "Plan")
    assert (done.status, done.err) == (2, "fullfunnel: --session means nothing for people\n")


def test_exported_people_can_be_imported_with_all_their_identities(command, ada, ben, tmp_path):
    ada.visits("/")
    ada.identifies("ada-1", email="ada@x.example", plan="=1+1")
    ben.visits("/")
    for name in ("people.jsonl", "people.csv", "people.parquet"):
        slug = name.replace(".", "-")
        Workspace.objects.create(name=slug, slug=slug)
        command("export", "people", tmp_path / name, "--workspace", "halden")
        done = command("import", "people", tmp_path / name, "--workspace", slug, "--json")
        assert json.loads(done.out)["created"] == 2, done
        assert _shown(slug) == _shown("halden"), name


def _shown(slug: str) -> list[Any]:
    people = Person.objects.filter(workspace__slug=slug)
    return sorted(
        (sorted(f"{i.kind}:{i.value}" for i in p.identities.all()), p.email, sorted(p.traits.items())) for p in people
    )
