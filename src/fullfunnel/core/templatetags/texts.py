"""The catalogue for templates that customers see: {% say "form.send" %}, in the language of the context."""

from django import template
from django.template import Context

from fullfunnel.core import texts

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **values: object) -> str:
    """Return the text of `key` in the language that the view has put into the context."""
    return texts.say(key, str(context["language"]), **values)
