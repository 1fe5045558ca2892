import zoneinfo
from typing import Any

from django import forms

from fullfunnel.core.mail.models import Security
from fullfunnel.core.pages import Form
from fullfunnel.core.texts import LANGUAGES
from fullfunnel.core.texts.locales import LOCALES
from fullfunnel.workspaces.models import (
    ApiKey,
    AttributionModel,
    BrowserMoney,
    Membership,
    Role,
    Sells,
    Source,
    Workspace,
)
from fullfunnel.workspaces.roles import roles_to_give
from fullfunnel.workspaces.team.public_holidays import countries

CURRENCIES = "EUR CHF GBP USD AED AUD BGN BRL CAD CNY CZK DKK HUF ILS INR JPY KRW MXN NOK NZD PLN RON RSD SEK SGD TRY UAH ZAR".split()


def time_zones(further: str = "UTC") -> list[tuple[str, str]]:
    """Return (zone, as people read it) of all zones that are named by a place, and of `further`."""
    zones = {zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC"}
    return [(zone, zone.replace("_", " ")) for zone in sorted({*zones, further})]


def secret(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class SignIn(Form):
    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(label="Password", max_length=1000, strip=False, widget=secret("current-password"))


class Join(Form):
    name = forms.CharField(label="Your name", max_length=200, required=False)
    password = forms.CharField(
        label="Password",
        max_length=1000,
        strip=False,
        widget=secret("new-password"),
        help_text="At least 10 characters.",
    )

    def __init__(self, *args: Any, has_user: bool = False, **kwargs: Any) -> None:
        """Ask nothing of who `has_user` already."""
        super().__init__(*args, **kwargs)
        if has_user:
            self.fields.clear()


class ChangePassword(Form):
    old = forms.CharField(label="Current password", max_length=1000, strip=False, widget=secret("current-password"))
    new = forms.CharField(
        label="New password",
        max_length=1000,
        strip=False,
        widget=secret("new-password"),
        help_text="At least 10 characters.",
    )


class Preferences(Form):
    locale = forms.ChoiceField(
        label="Numbers and dates",
        choices=[(code, each.label) for code, each in LOCALES.items()],
        help_text="How amounts, days and times of day are written. The words of the pages are English.",
    )
    timezone = forms.ChoiceField(
        label="Your time zone",
        required=False,
        choices=[("", "As the workspace"), *((zone, zone) for zone in sorted(zoneinfo.available_timezones()))],
        help_text="Of times of day. Days, weeks and periods are the workspace's, so that everybody sees one number.",
    )
    has_letters = forms.BooleanField(
        label="Single letters are shortcuts",
        required=False,
        help_text="Switch them off if you dictate or use a screen reader (? shows them all).",
    )


class Settings(Form):
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "A workspace needs a name."})
    timezone = forms.ChoiceField(
        label="Time zone",
        help_text="Days begin and end in this zone.",
        choices=[],
    )
    currency = forms.CharField(
        label="Currency", max_length=3, help_text="Three letters, like EUR. Recorded amounts keep their own currency."
    )

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("timezone", time_zones(workspace.timezone))

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


class HowYouSell(Form):
    sells = forms.ChoiceField(
        label="How do you sell?",
        choices=Sells.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you sell."},
    )


class Look(Form):
    colour = forms.CharField(
        label="Colour",
        max_length=20,
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text="Of buttons and links. A light one gets dark text, so that everybody can read it.",
    )
    language = forms.ChoiceField(
        label="Language",
        choices=list(LANGUAGES.items()),
        help_text="Of pages whose visitors' browsers ask for none of ours.",
    )
    privacy_url = forms.CharField(label="Privacy notice", required=False, max_length=500)
    imprint_url = forms.CharField(label="Imprint", required=False, max_length=500)


class WhatCounts(Form):
    browser_money = forms.ChoiceField(
        label="Money that only a browser reports",
        required=False,
        widget=forms.RadioSelect,
        choices=[("", "As you sell: counted online, left out where salespeople win"), *BrowserMoney.choices],
        help_text="A website's key is public: anybody can report a sale with it. Servers and files always count.",
    )
    uncredited_hosts = forms.CharField(
        label="Hosts that visits never come from",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Where visitors pay or sign in, one a line, like pay.example.com; their subdomains too. The usual ones are known.",
    )

    attribution_model = forms.ChoiceField(
        label="Attribution opens with",
        choices=AttributionModel.choices,
        help_text="The model of the page before somebody chooses another. Saved questions keep theirs.",
    )

    def clean_uncredited_hosts(self) -> list[str]:
        return str(self.cleaned_data["uncredited_hosts"]).split()


class Invite(Form):
    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write an e-mail address like ada@example.org."},
    )
    role = forms.ChoiceField(label="Role", choices=[], initial=Role.VIEWER)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("role", roles_to_give(by))


class NewKey(Form):
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="What uses it, like: monthly report.",
        error_messages={"required": "A key needs a name that says what uses it."},
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=ApiKey.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the key may do."},
    )


class NewSource(Form):
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="Like www.example.org, or billing server.",
        error_messages={"required": "A source needs a name, like the site's address."},
    )
    kind = forms.ChoiceField(label="Kind", choices=Source.Kind.choices)


class Mail(Form):
    host = forms.CharField(label="Server", max_length=253, help_text="Like smtp.example.com, as your provider says.")
    port = forms.IntegerField(label="Port", initial=587)
    security = forms.ChoiceField(label="Encryption", choices=Security.choices, initial=Security.STARTTLS)
    username = forms.CharField(label="User name", max_length=254, required=False, help_text="Empty: nobody signs in.")
    password = forms.CharField(
        label="Password",
        max_length=500,
        required=False,
        strip=False,
        widget=secret("off"),
        help_text="Kept sealed and never shown. Left empty, the one before stays.",
    )
    sender_name = forms.CharField(label="Mails are from", max_length=100, required=False)
    sender_address = forms.CharField(
        label="Their address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Answers go there.",
    )


class Forgot(Form):
    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        error_messages={"required": "Write the address that you sign in with."},
    )


class NewPassword(Form):
    new = forms.CharField(
        label="New password",
        max_length=1000,
        strip=False,
        widget=secret("new-password"),
        help_text="At least 10 characters.",
    )


class Code(Form):
    code = forms.CharField(
        label="One-time code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        error_messages={"required": "Type the code that fullfunnel serve printed, like 7K4P-9XMR."},
    )


class FirstVisit(Form):
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "A workspace needs a name."})
    sells = forms.ChoiceField(
        label="How do you sell?",
        choices=Sells.choices,
        initial=Sells.COMPANIES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you sell."},
    )
    country = forms.ChoiceField(label="Country", choices=[])
    language = forms.ChoiceField(label="Language", choices=list(LANGUAGES.items()))
    currency = forms.ChoiceField(label="Currency", choices=[])
    timezone = forms.ChoiceField(label="Time zone", choices=[], initial="UTC")
    owner = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="Password",
        max_length=1000,
        strip=False,
        widget=secret("new-password"),
        help_text="At least 10 characters.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("country", [("", "Choose"), *countries()])
        self.set_choices("timezone", time_zones())
        self.set_choices("currency", [(code, code) for code in CURRENCIES])
