"""What the pages of the team ask: hours, shares, holidays, absences."""

import zoneinfo
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from fullfunnel.core.business_time import Spans, read_spans, written_spans
from fullfunnel.core.pages import Form
from fullfunnel.core.pages.fields import DayField
from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.models import Membership, Team

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class HoursField(forms.CharField):
    """Cleans to spans of a day: "9:00-12:30, 13:30-18:00"; empty is closed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return written_spans(value) if isinstance(value, tuple) else value

    def clean(self, value: Any) -> Spans:
        read = read_spans(str(super().clean(value)))
        if isinstance(read, Refused):
            raise ValidationError(read.sentence)
        return read


class Hours(Form):
    """Hours of each weekday, and the zone in which they are meant."""

    timezone = forms.ChoiceField(label="Time zone", required=False, choices=[])

    def __init__(self, *args: Any, week: dict[int, Spans], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
        self.set_choices("timezone", [("", "the workspace's"), *((zone, zone.replace("_", " ")) for zone in zones)])
        for number, name in enumerate(DAYS, 1):
            field = HoursField(label=name, initial=week.get(number, ()))
            field.widget.attrs |= {"class": "form-control", "placeholder": "closed"}
            self.fields[f"day_{number}"] = field
        self.order_fields([*(f"day_{number}" for number in range(1, 8)), "timezone"])

    @property
    def week(self) -> dict[int, Spans]:
        return {number: self.cleaned_data[f"day_{number}"] for number in range(1, 8)}


class Share(Form):
    capacity = forms.IntegerField(
        label="Leads that may wait with them", required=False, min_value=0, help_text="Empty: any number."
    )
    weight = forms.IntegerField(
        label="Their share",
        min_value=0,
        help_text="1 is the usual one; with 2 they get twice as many, with 0 none by turn.",
    )
    team = forms.ChoiceField(label="Team", required=False, choices=[])

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("team", [("", "none"), *((each.public_id, each.name) for each in teams)])


class NewHoliday(Form):
    day = DayField(label="Day")
    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "A holiday needs a name."})
    hours = HoursField(label="Worked all the same", help_text="Of half a day: 9:00-13:00. Empty: closed.")


class Preset(Form):
    """Which country's public holidays, of which year."""

    country = forms.ChoiceField(label="Country", choices=[])
    state = forms.CharField(label="State or canton", required=False, max_length=10, help_text="Its code, like BY.")
    year = forms.IntegerField(label="Year", min_value=1970, max_value=2100)

    def __init__(self, *args: Any, countries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("country", [("", "Choose…"), *countries])


class EnterAbsence(Form):
    """who: offered to admins alone; everybody else enters their own."""

    who = forms.ChoiceField(label="Who", choices=[])
    first = DayField(label="First day")
    last = DayField(label="Last day")
    stand_in = forms.ChoiceField(
        label="Their leads go to", required=False, choices=[], help_text="New ones, and those that wait."
    )

    def __init__(self, *args: Any, offered: list[Membership], members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("who", [(str(each.pk), str(each.user)) for each in offered])
        self.set_choices(
            "stand_in", [("", "the others by turn"), *((str(each.pk), str(each.user)) for each in members)]
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, date | None] = {name: self.cleaned_data.get(name) for name in ("first", "last")}
        if None not in found.values() and found["last"] < found["first"]:  # type: ignore[operator]
            self.add_error("last", "The last day is before the first.")
        return self.cleaned_data


class Leave(Form):
    heir = forms.ChoiceField(label="Who looks after their work", choices=[], required=False)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(each.pk), str(each.user)) for each in members]
        self.set_choices("heir", [("", "Nobody yet: leads go into the pool"), *offered])
