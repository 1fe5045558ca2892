"""Choosing one of many: a box that asks the server what fits while one types (core/_picker.html, picker.js)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString

MAX_OPTIONS = 20
WORDS = ".words"


@dataclass(frozen=True)
class Option:
    """What can be chosen. `fact` stands at its right ("8 waiting"). With `reason` it stays visible and cannot be chosen."""

    value: str
    label: str
    fact: str = ""
    group: str = ""
    reason: str = ""

    def marked(self, typed: str) -> SafeString:
        """The label with what was typed in bold."""
        at = self.label.casefold().find(typed.casefold()) if typed else -1
        if at < 0:
            return format_html("{}", self.label)
        end = at + len(typed)
        return format_html("{}<b>{}</b>{}", self.label[:at], self.label[at:end], self.label[end:])


def answer_options(request: HttpRequest, options: Iterable[Option]) -> HttpResponse:
    """Answer what fits `?q=`: a fragment of at most MAX_OPTIONS options, of one group after the other."""
    typed = request.GET.get("q", "").strip()
    shown: list[dict[str, Any]] = []
    for option in list(options)[:MAX_OPTIONS]:
        is_new = bool(option.group) and (not shown or shown[-1]["option"].group != option.group)
        shown.append({"option": option, "label": option.marked(typed), "is_new": is_new})
    return render(request, "core/_options.html", {"shown": shown, "typed": typed})


class Picker(forms.Widget):
    """`options_url` answers `?q=` by `answer_options`. `shown` is the label of the value that stands there first."""

    template_name = "core/_picker.html"

    def __init__(self, options_url: str = "", shown: str = "", attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.options_url, self.shown = options_url, shown

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        shown, value = value if isinstance(value, tuple) else (self.shown, value)
        context["widget"]["attrs"].setdefault("class", "form-control")
        return context | {"options_url": self.options_url, "shown": shown or "", "chosen": value or ""}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        """(what is typed, the chosen value)"""
        return str(data.get(name + WORDS, "")).strip(), str(data.get(name, "")).strip()


class PickField(forms.Field):
    """Cleans to the value of the option chosen ("" where none is, and it may be empty).

    Without JavaScript only words come: `by_words(words)` returns the options that fit, and exactly one must.
    """

    widget = Picker

    def __init__(self, *, by_words: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by_words = by_words

    def clean(self, value: Any) -> str:
        words, chosen = value if isinstance(value, tuple) else ("", value or "")
        if not chosen and words:
            chosen = self._found(words)
        if not chosen and self.required:
            raise ValidationError(f"{self.label or 'This'} is needed: type a part of the name, and choose.")
        return str(chosen)

    def _found(self, words: str) -> str:
        fitting = [each for each in (self.by_words(words) if self.by_words else ()) if not each.reason]
        exact = [each for each in fitting if each.label.casefold() == words.casefold()]
        if len(exact or fitting) == 1:
            return str((exact or fitting)[0].value)
        if not fitting:
            raise ValidationError(f"Nobody and nothing here is called “{words[:80]}”; choose one from the list.")
        raise ValidationError(f"“{words[:80]}” fits {len(fitting)} of the list; write more of the name.")
