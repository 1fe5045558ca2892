"""What is missing in a stage, and where it is made. Pure but for the addresses of other rooms' pages."""

from typing import Any, NamedTuple

from django.urls import NoReverseMatch, reverse

from fullfunnel.core.numbers import number

Json = dict[str, Any]
# What is missing -> the page that makes it, by URL, and its button.
MAKES = {
    "form": ("forms:list", "Make a form"),
    "page": ("campaigns:new-piece", "Add content"),
    "campaign": ("campaigns:new", "Make a campaign"),
    "activity": ("crm:tasks", "Make a task"),
    "forms": ("forms:list", "Open the forms"),
}


class Missing(NamedTuple):
    """A gap, what is known of it, and the button that closes it; url "" where this installation has no such page."""

    title: str
    detail: str
    button: str
    url: str


def missing_in(stage: str, work: Json, pending: int, slug: str) -> list[Missing]:
    """Return what nobody in a stage has met, and who waits for something; the most needed first."""
    met = {row["kind"] for row in work["work"]}
    whole = number(work["people"])
    found = []
    if work["people"] and "form" not in met and stage in ("awareness", "interest", "consideration"):
        found.append(_made("form", "No form here", f"none of {whole} people met one before they went on", slug))
    if work["people"] and "page" not in met:
        found.append(_made("page", "No content here", f"none of {whole} people read a page of content", slug))
    if pending and "campaign" not in met:
        said = f"{number(pending)} people are still here and no campaign reached them here"
        found.append(_made("campaign", said, "a campaign brings them back", slug))
    if pending and stage == "prospect" and "activity" not in met:
        found.append(_made("activity", f"Nobody spoke with {number(pending)} prospects", "no activity is logged", slug))
    weak = [row for row in work["work"] if row["kind"] == "form" and row["touched"] >= 20]
    for row in sorted(weak, key=lambda one: one["went_on"] / one["touched"])[:1]:
        left = row["touched"] - row["went_on"]
        detail = f"{number(row['went_on'])} of {number(row['touched'])} went on"
        found.append(_made("forms", f"{number(left)} met the form “{row['value']}” and did not go on", detail, slug))
    return found


def _made(what: str, title: str, detail: str, slug: str) -> Missing:
    name, button = MAKES[what]
    try:
        return Missing(title, detail, button, reverse(name, args=[slug]))
    except NoReverseMatch:
        return Missing(title, detail, button, "")
