"""A person's number in templates: {{ person|phone }} as written, {{ person|tel }} as a link dials it."""

from django import template

from fullfunnel.crm.phones import number_of, phone_of
from fullfunnel.people.models import Person

register = template.Library()


@register.filter
def phone(person: Person) -> str:
    return phone_of(person.traits)


@register.filter
def tel(person: Person) -> str:
    return number_of(phone_of(person.traits))
