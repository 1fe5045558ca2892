from typing import Any

from django import forms

from fullfunnel.core.pages import Form
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.forms import fields as kinds
from fullfunnel.forms.fields import Content, Field
from fullfunnel.forms.starters import STARTERS
from fullfunnel.forms.translations import PARTS, WORDS, path_of, path_of_option, texts_of

# What an answer may be kept as, of the person.
TRAITS = [
    ("", "Nothing but the submission"),
    ("name", "Name"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("email", "E-mail address"),
    ("phone", "Phone"),
    ("company_name", "Company"),
    ("job_title", "Job title"),
    ("employees", "Number of employees"),
    ("postcode", "Postcode"),
    ("city", "Town"),
]
# Fields of the settings that only some kinds have.
ONLY_OF = {
    "options": kinds.WITH_OPTIONS,
    "least": (kinds.NUMBER,),
    "most": (kinds.NUMBER,),
    "purpose": (kinds.CONSENT,),
    "default": (kinds.HIDDEN,),
    "example": (kinds.TEXT, kinds.EMAIL, kinds.PHONE, kinds.NUMBER, kinds.LONG),
}
LESS_OF_HIDDEN = ("required", "help")


class NewForm(Form):
    name = forms.CharField(
        label="Name",
        required=False,
        help_text="For you and in events.",
        widget=forms.TextInput({"autofocus": True, "data-suggested": True}),
    )
    starter = forms.ChoiceField(
        label="Begin with",
        choices=[(key, label) for key, (label, _, _) in STARTERS.items()],
        widget=forms.RadioSelect,
        initial="contact",
    )


class FieldSettings(Form):
    """The settings of one field; those that its kind has."""

    label = forms.CharField(label="Label", required=False, max_length=1_000)
    help = forms.CharField(label="Help", required=False, max_length=500, help_text="Stands below the field.")
    example = forms.CharField(label="Example", required=False, max_length=100, help_text="Shown while it is empty.")
    options = forms.CharField(
        label="Choices", required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text="One a line."
    )
    least = forms.CharField(label="At least", required=False, max_length=30)
    most = forms.CharField(label="At most", required=False, max_length=30)
    purpose = forms.CharField(
        label="For what",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "purposes"}),
        help_text="One word, like request; one box a purpose. A topic (Settings, Topics) counts once they confirm it by mail.",
    )
    default = forms.CharField(
        label="Value", required=False, max_length=500, help_text="An address that names the field's key goes before it."
    )
    trait = forms.ChoiceField(label="Kept as", required=False, choices=TRAITS)
    required = forms.BooleanField(label="Required", required=False)

    def __init__(self, field: Field, *args: Any, **kwargs: Any) -> None:
        self.field = field
        kwargs["initial"] = {name: getattr(field, name) for name in self.base_fields} | {
            "options": "\n".join(field.options)
        }
        super().__init__(*args, auto_id="set_%s", **kwargs)
        for name, only in ONLY_OF.items():
            if field.kind not in only:
                del self.fields[name]
        if field.kind == kinds.CONSENT:
            self.fields["label"].widget = forms.Textarea(attrs={"rows": 4, "class": "form-control"})
        for name in LESS_OF_HIDDEN if field.kind == kinds.HIDDEN else ():
            del self.fields[name]
        if field.kind in (kinds.CONSENT, *kinds.OF_SEVERAL, kinds.ADDRESS):
            del self.fields["trait"]
        elif field.trait and field.trait not in dict(TRAITS):
            self.set_choices("trait", [*TRAITS, (field.trait, field.trait)])

    def changed(self) -> Field:
        """Return the field as these settings would have it."""
        said = dict(self.cleaned_data)
        if "options" in said:
            lines = [line.strip() for line in said["options"].splitlines()]
            said["options"] = tuple(dict.fromkeys(line for line in lines if line))
        texts = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
        return Field(**{**vars(self.field), **texts})


class Translation(Form):
    """The texts of one field, or with an empty key those around the fields, in another language than the one written in."""

    def __init__(self, content: Content, key: str, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="set_%s", **kwargs)
        self.field = content.field(key)
        texts, there = texts_of(content), content.translations.get(language, {})
        parts = PARTS if self.field else WORDS
        self.paths = {part: path_of(key, part) if self.field else part for part in parts}
        self.options = self.field.options if self.field else ()
        for part, path in self.paths.items():
            if path in texts:
                self.fields[part] = _translated(part, texts[path], there.get(path, ""))
        if self.options:
            said = [there.get(path_of_option(key, option), "") for option in self.options]
            kept = "\n".join(said) if any(said) else ""
            self.fields["options"] = _translated("options", "\n".join(self.options), kept, lines=len(self.options))

    def clean_options(self) -> list[str]:
        lines = [line.strip() for line in str(self.cleaned_data["options"]).splitlines() if line.strip()]
        if lines and len(lines) != len(self.options):
            raise forms.ValidationError(f"Write {len(self.options)} lines, one for each choice, in their order.")
        return lines or [""] * len(self.options)

    def texts(self) -> dict[str, str]:
        """Return path -> text of what was filled in, "" for what was emptied."""
        said = {path: str(self.cleaned_data[part]) for part, path in self.paths.items() if part in self.cleaned_data}
        if self.field and "options" in self.cleaned_data:
            paths = [path_of_option(self.field.key, option) for option in self.options]
            said |= dict(zip(paths, self.cleaned_data["options"], strict=True))
        return said


LONG_PARTS = ("lead", "thanks", "options")


def _translated(part: str, original: str, there: str, *, lines: int = 3) -> forms.CharField:
    """A box for a text in another language, with the original below it."""
    is_long = part in LONG_PARTS or len(original) > 60
    css = {"class": "form-control"}
    widget = forms.Textarea(attrs=css | {"rows": max(3, lines)}) if is_long else forms.TextInput(attrs=css)
    label = {"options": "Choices", "lead": "Below the title", "thanks_title": "Thanks, title", "thanks": "Thanks"}
    named = label.get(part, part.capitalize())
    shown = original.replace("\n", " · ")
    return forms.CharField(label=named, required=False, initial=there, widget=widget, help_text=shown)


class Words(Form):
    title = forms.CharField(label="Title", required=False, max_length=120)
    lead = forms.CharField(label="Below the title", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    button = forms.CharField(label="Button", required=False, max_length=60, help_text="A verb, like Ask for a demo.")
    language = forms.ChoiceField(
        label="Language",
        required=False,
        choices=[("", "The visitor's, where it is translated"), *LANGUAGES.items()],
        help_text="Of the page, and of the words that are ours: errors, optional, privacy.",
    )


class AfterSending(Form):
    thanks_title = forms.CharField(label="Title", required=False, max_length=120)
    thanks = forms.CharField(label="Text", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    redirect_url = forms.CharField(
        label="Or go to", required=False, max_length=500, help_text="A page of yours, instead of the thanks."
    )


class WhereItStands(Form):
    name = forms.CharField(label="Name", required=False)
    hands_over = forms.BooleanField(label="A submission is a lead for the sellers", required=False)
    origins = forms.CharField(
        label="Sites that may frame it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "https://www.example.com"}),
        help_text="One a line. Nowhere else does a browser show it in a frame.",
    )


class PainPoints(Form):
    labels = forms.CharField(
        label="What brings customers to you",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One a line, in your customers' words. The field What brings you here? offers them.",
    )

    def __init__(self, others: dict[str, str], *args: Any, **kwargs: Any) -> None:
        """others: language -> its name, of those that the list may be translated into."""
        super().__init__(*args, **kwargs)
        self.others = others
        for language, name in others.items():
            box = forms.Textarea(attrs={"rows": 8, "class": "form-control"})
            said = f"The same list in {name}, in the same order; left empty, it is shown as above."
            self.fields[f"labels_{language}"] = forms.CharField(label=name, required=False, widget=box, help_text=said)

    def lists(self) -> dict[str, list[str]]:
        """Return language -> the list there."""
        return {each: str(self.cleaned_data[f"labels_{each}"]).splitlines() for each in self.others}
