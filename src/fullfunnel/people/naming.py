"""Whom a program means: a person by our id, by their user id or by their e-mail address; a company by id or key."""

from fullfunnel.core.refused import Refused
from fullfunnel.people.identifiers import EMAIL, USER, key_of
from fullfunnel.people.models import Company, Identity, Person


def person_named(workspace_id: int, *, id: str = "", user_id: str = "", email: str = "") -> Person | Refused:
    """Return the person who is meant, as who they are now; exactly one of the three names them."""
    given = [(field, value) for field, value in (("id", id), (USER, user_id), (EMAIL, email)) if value]
    if len(given) != 1:
        return Refused("Name the person by one of id, user_id and email.", "person")
    [(field, value)] = given
    people = Person.objects.filter(workspace_id=workspace_id)
    if field == "id":
        person = people.filter(public_id=value).first()
    elif (key := key_of(field, value)) is None:
        return Refused(f"'{value[:100]}' names nobody.", f"person.{field}")
    else:
        known = Identity.objects.filter(workspace_id=workspace_id, kind=key[0], value=key[1])
        person = next((each.person for each in known.select_related("person")), None)
    if person is None or person.is_contact_unknown:
        return Refused(f"Nobody here has the {field} '{value[:100]}'.", f"person.{field}")
    return person.living()


def company_named(workspace_id: int, *, id: str = "", key: str = "") -> Company | Refused:
    """Return the company with this id, or this key."""
    companies = Company.objects.filter(workspace_id=workspace_id)
    if bool(id) == bool(key):
        return Refused("Name the company by one of id and key.", "company")
    if id:
        company = companies.filter(pk=int(id)).first() if id.isascii() and id.isdigit() and len(id) < 19 else None
    else:
        company = companies.filter(key=key).first()
    return company or Refused(f"No company here has the {'id' if id else 'key'} '{(id or key)[:100]}'.", "company")
