"""Working time, and a person's number in templates: {{ person|phone }} as written, {{ person|tel }} as a link dials it."""

from django import template

from fullfunnel.crm.phones import number_of, phone_of
from fullfunnel.crm.promises.page import working
from fullfunnel.people.models import Person

register = template.Library()


@register.filter
def phone(person: Person) -> str:
    return phone_of(person.traits)


@register.filter
def tel(person: Person) -> str:
    return number_of(phone_of(person.traits))


@register.filter
def working_time(seconds: float | None) -> str:
    """144000 -> "40 h": never in days."""
    return working(seconds)
