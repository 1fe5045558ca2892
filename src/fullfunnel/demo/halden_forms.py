"""Halden's two forms in the room *forms*, and what stands in them of the past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from fullfunnel.core.refused import Refused
from fullfunnel.demo.done import done
from fullfunnel.forms import actions
from fullfunnel.forms.fields import read
from fullfunnel.forms.models import Form, PainPoint
from fullfunnel.workspaces.actions import set_brand, set_logo
from fullfunnel.workspaces.models import Membership, Workspace

LOGO = Path(__file__).parent / "halden.png"
SITE = "https://halden.example"
COLOUR = "#0b6b5b"
DEMO, CONTACT = "Demo request", "Contact"
PAINS = {
    "Night shifts stay unfilled": "Nachtdienste bleiben offen",
    "Works council": "Betriebsrat",
    "Agency costs": "Kosten für Leihkräfte",
    "Planning takes too long": "Planung dauert zu lange",
}
WORDS = {
    "title": ("See Halden with your own wards", "Sehen Sie Halden mit Ihren eigenen Stationen"),
    "lead": (
        "30 minutes, online. We answer within 4 working hours.",
        "30 Minuten, online. Wir antworten innerhalb von 4 Arbeitsstunden.",
    ),
    "button": ("Ask for a demo", "Demo anfragen"),
}
EMPLOYEES = {"label": "Wie viele Beschäftigte arbeiten im Schichtdienst?", "example": "zum Beispiel 250"}
CONSENT = (
    "I agree that Halden answers my request and keeps what I wrote for it.",
    "Halden darf meine Anfrage beantworten und dafür meine Angaben speichern.",
)
HELP = ("Who work in shifts. An estimate is enough.", "Nur Schichtdienst. Eine Schätzung genügt.")


@dataclass(frozen=True)
class Forms:
    """The ids of Halden's forms by name, and the keys of its pain points. Empty: the events name the forms alone."""

    ids: Mapping[str, str]
    pains: Sequence[str] = ()

    def said(self, name: str, version: int) -> dict[str, Any]:
        """Return how an event names a form."""
        return {"form": name, "form_id": self.ids.get(name, ""), "form_version": version}


NO_FORMS = Forms({})


def make_forms(workspace: Workspace, *, by: Membership, began: datetime, released: datetime) -> Forms:
    """Make the look, the pain points and both forms. began, released: when versions 1 and 2 of the demo form went live."""
    look = {"privacy_url": f"{SITE}/privacy", "imprint_url": f"{SITE}/imprint"}
    done(set_brand(workspace, language="en", colour=COLOUR, **look, by=by))
    with LOGO.open("rb") as picture:
        done(set_logo(workspace, content=picture, name="halden.png", by=by))
    done(actions.set_pain_points(workspace, labels=list(PAINS), translations={"de": list(PAINS.values())}, by=by))
    demo = done(actions.create_form(workspace, name=DEMO, starter="demo", by=by))
    done(actions.change_form(demo, name=DEMO, hands_over=True, origins=[SITE], by=by))
    write_demo_form(demo, by)
    done(actions.publish_form(demo, by=by, at=began))
    done(change(demo, "employees", by, required=True))
    done(actions.publish_form(demo, by=by, at=released))
    # What waits to be published: the leak, mended.
    done(change(demo, "employees", by, required=False, help=HELP[0]))
    done(actions.translate_form(demo, language="de", texts={"f.employees.help": HELP[1]}, by=by))
    contact = done(actions.create_form(workspace, name=CONTACT, starter="contact", by=by))
    done(actions.publish_form(contact, by=by, at=began))
    return Forms({DEMO: demo.public_id, CONTACT: contact.public_id}, pain_keys(workspace))


def write_demo_form(form: Form, by: Membership) -> None:
    """Write the first version, in English and German."""
    for key in ("company", "heard"):
        done(actions.remove_field(form, key=key, by=by))
    done(actions.change_words(form, words={name: texts[0] for name, texts in WORDS.items()}, by=by))
    done(change(form, "employees", by, example="for example 250"))
    done(change(form, "consent", by, label=CONSENT[0]))
    german = {name: texts[1] for name, texts in WORDS.items()} | {"f.consent.label": CONSENT[1]}
    german |= {f"f.employees.{part}": text for part, text in EMPLOYEES.items()}
    done(actions.translate_form(form, language="de", texts=german, by=by))


def change(form: Form, key: str, by: Membership, **changes: Any) -> object | Refused:
    """Change some settings of a field of the draft."""
    field = read(form.versions.latest("number").content).field(key)
    return (
        Refused(f"no field {key}")
        if field is None
        else actions.change_field(form, field=replace(field, **changes), by=by)
    )


def pain_keys(workspace: Workspace) -> list[str]:
    rows = PainPoint.objects.filter(workspace=workspace).order_by("position")
    return list(rows.values_list("key", flat=True))
