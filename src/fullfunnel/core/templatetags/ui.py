"""Numbers, times, money and icons for templates."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fullfunnel.core import moments, numbers, pages
from fullfunnel.core.texts import dates

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of vendor/icons.svg; without a label, hidden from screen readers."""
    return _icon(name, label, pages.asset("vendor/icons.svg"))


# A list draws hundreds.
@lru_cache(1_000)
def _icon(name: str, label: str, file: str) -> SafeString:
    speaks = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" {} focusable="false"><use href="{}#{}"></use></svg>',
        speaks,
        file,
        name,
    )


@register.simple_tag
def asset(path: str) -> str:
    """Return the address of a static file with a mark of its content."""
    return pages.asset(path)


@register.simple_tag
def face() -> SafeString:
    """Link the typeface; nothing where the assets were made before it was one of them."""
    if not pages.has_asset("vendor/inter.css"):
        return mark_safe("")
    return format_html(
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin><link rel="stylesheet" href="{}">',
        static("vendor/inter-latin.woff2"),
        pages.asset("vendor/inter.css"),
    )


@register.filter
def number(value: Any) -> str:
    """1204 -> "1,204"; None -> "–"."""
    return numbers.number(value)


@register.filter
def percent_of(part: int | None, whole: int | None) -> str:
    """{{ part|percent_of:whole }}: "42 %"; "7 of 12" when whole < 20."""
    return numbers.percent_of(part, whole)


@register.filter
def percent(share: float | None) -> str:
    """0.0834 -> "8.3 %", beside its base."""
    return numbers.percent(share)


@register.filter
def duration(seconds: float | None) -> str:
    """187200 -> "2 d 4 h"."""
    return numbers.duration(seconds)


@register.filter
def money(amount: Decimal | int | None, currency: str = "EUR") -> str:
    """{{ amount|money:"EUR" }}: "€1,234.50"."""
    return numbers.money(amount, currency)


@register.simple_tag
def change(now: float | None, before: float | None, base: str, more_is: str = "good") -> SafeString:
    """{% change 920 1000 "September" %}: "↓ 8 % fewer than in September (1,000)"; more_is: good, bad or neutral."""
    said = numbers.change(now, before, base)
    if said.direction == 0 or more_is == "neutral":
        mood = "neutral"
    else:
        mood = "good" if (said.direction > 0) == (more_is == "good") else "bad"
    arrow = {1: icon("arrow-up"), -1: icon("arrow-down"), 0: ""}[said.direction]
    return format_html('<span class="change change-{}">{} {}</span>', mood, arrow, said.words)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """ "3 min ago", with the full time in its tooltip."""
    if moment is None:
        return "never"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', moment.isoformat(), moments.when(moment), moments.ago(moment)
    )


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """ "14 Oct 2026, 15:04 CEST", in the workspace's zone."""
    if moment is None:
        return "never"
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), moments.when(moment))


@register.filter
def day(of: date | datetime | None) -> str:
    """ "14 Oct 2026", a moment's in the workspace's zone; None -> ""."""
    return dates.day(_local(of)) if of else ""


@register.filter
def short_day(of: date | datetime | None) -> str:
    """ "14 Oct"."""
    return dates.day(_local(of), has_year=False) if of else ""


@register.filter
def weekday(of: date | datetime | None) -> str:
    """ "Wed 14 Oct", a moment's in the workspace's zone."""
    return dates.weekday(_local(of)) if of else ""


@register.filter
def own_day(moment: datetime | None) -> str:
    """ "Wednesday, 14 October 2026" in the user's zone: the heading above times of day."""
    return dates.long_day(moments.own_time(moment)) if moment else ""


@register.filter
def long_when(moment: datetime | None) -> str:
    """ "Wednesday, 14 October, 15:04" in the user's zone, named where it is not the workspace's."""
    return moments.long_when(moment) if moment else ""


@register.filter
def time_of_day(moment: datetime | None) -> str:
    """ "15:04", in the user's zone."""
    return moments.time_of_day(moment) if moment else ""


@register.filter
def day_and_time(moment: datetime | None) -> str:
    """ "14 Oct 2026, 15:04", both in the user's zone."""
    return f"{dates.day(moments.own_time(moment))}, {moments.time_of_day(moment)}" if moment else ""


def _local(of: date | datetime) -> date | datetime:
    return timezone.localtime(of) if isinstance(of, datetime) else of


@register.simple_tag
def bar(done: float, pending: float = 0, whole: float = 1, hue: str = "1") -> SafeString:
    """Draw a bar: done, then pending (hatched), of `whole`; without inline styles."""
    scale = 100 / whole if whole else 0
    first, second = round(done * scale, 2), round(pending * scale, 2)
    return format_html(
        '<svg class="bar hue-{}" aria-hidden="true" focusable="false"><rect class="bar-ground" width="100%" height="100%"/>'
        '<rect class="bar-done" width="{}%" height="100%"/><rect class="bar-pending" x="{}%" width="{}%" height="100%"/></svg>',
        hue,
        first,
        first,
        second,
    )


@register.simple_tag(takes_context=True)
def standing_toast(context: template.Context) -> pages.Toast | None:
    """{% standing_toast as toast %}: what the request before left for this page."""
    return pages.standing_toast(context["request"]) if "request" in context else None


class Capture(Node):
    def __init__(self, nodes: NodeList, name: str) -> None:
        self.nodelist, self.name = nodes, name

    def render(self, context: template.Context) -> str:
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 (already escaped by its nodes)
        return ""


@register.tag
def capture(parser: Parser, token: Token) -> Capture:
    """{% capture name %}…{% endcapture %}: keep the content under a name."""
    _, name = token.split_contents()
    nodes = parser.parse(("endcapture",))
    parser.delete_first_token()
    return Capture(nodes, name)


class IfBlock(Node):
    """Show the content only when the block inside is not empty."""

    def __init__(self, nodes: NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: template.Context) -> str:
        from django.template.loader_tags import BlockNode

        parts = [(isinstance(node, BlockNode), str(node.render_annotated(context))) for node in self.nodelist]
        if any(is_block and text.strip() for is_block, text in parts):
            return mark_safe("".join(text for _, text in parts))  # noqa: S308 (already escaped by its nodes)
        return ""


@register.tag
def if_block(parser: Parser, token: Token) -> IfBlock:
    """{% if_block %}<p>{% block x %}{% endblock %}</p>{% end_if_block %}: no empty frame for a block left empty."""
    nodes = parser.parse(("end_if_block",))
    parser.delete_first_token()
    return IfBlock(nodes)


@register.filter
def words(name: str) -> str:
    """ "revoke_api_key" -> "Revoke API key"."""
    return name.replace("_", " ").capitalize().replace(" api ", " API ")


@register.filter
def from_to(value: Any) -> str:
    """A change kept as [old, new] -> "old → new"; anything else as text."""
    if isinstance(value, list) and len(value) == 2:
        return " → ".join(str(each) if each not in (None, "") else "nothing" for each in value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
