"""What becomes of something sent to a form: kept, asked again with everything typed still there, or only counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from fullfunnel.capture.countries import country_of
from fullfunnel.capture.enrich import bot_of
from fullfunnel.core.refused import Refused
from fullfunnel.core.texts import language_of_browser
from fullfunnel.forms.actions import count_refused, submit_form
from fullfunnel.forms.came import came_of
from fullfunnel.forms.fields import read
from fullfunnel.forms.models import Form, FormVersion, PainPoint
from fullfunnel.forms.nonces import Nonce, new_nonce, opened
from fullfunnel.forms.reading import Wrong, read_answers
from fullfunnel.forms.telling import Told

TRAP, NONCE, COUNTED, LANGUAGE = "website", "ff.nonce", "ff.counted", "ff.lang"
Sent = Mapping[str, Sequence[str]]
T = TypeVar("T")


@dataclass(frozen=True)
class Thanks:
    """It was taken, or looks so to a program."""

    version: FormVersion
    anonymous: str = ""


@dataclass(frozen=True)
class Again:
    """Shown again as it was typed. head: a text of the catalogue for all of it; wrong: field key -> what is wrong there."""

    version: FormVersion
    nonce: Nonce
    head: Wrong | None
    wrong: Mapping[str, Wrong] = field(default_factory=dict)
    status: int = 422


def receive(form: Form, live: FormVersion, sent: Sent, *, ip: str, user_agent: str) -> Thanks | Again:
    """Take, ask again or only count what was sent. `live`: the version that is published now."""
    came = came_of(sent)
    if _text(sent, TRAP):
        return _counted(form, "trap", Thanks(live, came.anonymous))
    if bot_of(user_agent, came.url):
        return _counted(form, "bot", Thanks(live, came.anonymous))
    nonce = opened(_text(sent, NONCE), form.public_id)
    version = _version(form, nonce.version) if nonce else None
    if nonce is None or version is None or nonce.is_expired:
        head = "form.head.changed" if version and version.pk != live.pk else "form.head.expired"
        again = Again(live, new_nonce(form.public_id, live.number), Wrong(head))
        return _counted(form, "expired", again)
    if nonce.is_fresh:
        return _counted(form, "fast", Again(version, nonce, Wrong("form.head.fast")))
    told = Told(nonce, came, ip, user_agent, bool(_text(sent, COUNTED)), chosen_language(sent))
    return _take(form, version, sent, told)


def chosen_language(sent: Sent) -> str:
    """Return the language that the page was shown in, or that its address asks for; "" for neither."""
    return language_of_browser(_text(sent, LANGUAGE))


def _take(form: Form, version: FormVersion, sent: Sent, told: Told) -> Thanks | Again:
    pains = list(
        PainPoint.objects.filter(workspace=form.workspace).order_by("position", "pk").values_list("key", flat=True)
    )
    region = country_of(form.workspace.timezone)
    answers = read_answers(read(version.content), sent, region=region, pains=pains)
    if answers.wrong:
        return _counted(form, "wrong", Again(version, told.nonce, Wrong("form.head.errors"), answers.wrong))
    taken = submit_form(form, version=version, answers=answers.values, told=told, by=None)
    if isinstance(taken, Refused):
        head = Wrong("form.head.rate", {"minutes": taken.field})
        return _counted(form, "rate", Again(version, told.nonce, head, status=429))
    return Thanks(taken.version, told.came.anonymous)


def _counted(form: Form, reason: str, outcome: T) -> T:
    count_refused(form, reason=reason, by=None)
    return outcome


def _version(form: Form, number: int) -> FormVersion | None:
    versions = FormVersion.objects.filter(workspace_id=form.workspace_id, form=form, number=number)
    return versions.exclude(published_at=None).first()


def _text(sent: Sent, name: str) -> str:
    return (sent.get(name) or [""])[-1].strip()
