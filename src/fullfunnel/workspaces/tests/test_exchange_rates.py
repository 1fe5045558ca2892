"""Rates by day say what money of another currency is worth; without one it stays what it is."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from fullfunnel.core.refused import Refused
from fullfunnel.workspaces.actions import import_rates, set_rate
from fullfunnel.workspaces.exchange.ecb import DatedRate, read_ecb
from fullfunnel.workspaces.exchange.rates import rates_into
from fullfunnel.workspaces.exchange.reading import rates_of
from fullfunnel.workspaces.models import AuditEntry, ExchangeRate

HERE = "/w/halden/settings/rates/"
DAILY = "Date, USD, JPY, CHF, \n30 November 2026, 1.25, 160, 0.8, \n"
HISTORY = "Date,USD,CHF,\n2026-11-30,1.25,0.8,\n2026-11-27,1.6,N/A,\n"


def test_a_rate_holds_until_the_next_and_not_before_its_day():
    rates = rates_into(
        "EUR", [("USD", date(2026, 11, 30), Decimal("0.8")), ("USD", date(2026, 11, 27), Decimal("0.625"))]
    )
    days = (date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 29), date(2026, 11, 30), date(2027, 1, 1))
    assert [rates.rate_on("USD", day) for day in days] == [None, *map(Decimal, ("0.625", "0.625", "0.8", "0.8"))]
    assert rates.converted(Decimal("10.0000"), "USD", days[1]) == Decimal("6.2500")
    assert rates.converted(Decimal("10"), "GBP", days[4]) is None
    assert rates.converted(Decimal("10"), "EUR", days[0]) == Decimal("10.0000")


def test_the_daily_file_of_the_ecb_is_read_as_it_is():
    day = date(2026, 11, 30)
    assert read_ecb(DAILY, "EUR") == [
        DatedRate("USD", day, Decimal("0.8")), DatedRate("JPY", day, Decimal("0.00625")), DatedRate("CHF", day, Decimal("1.25")),
    ]  # fmt: skip


def test_a_workspace_in_francs_gets_rates_into_francs_of_the_days_that_have_one():
    day = date(2026, 11, 30)
    assert read_ecb(HISTORY, "CHF") == [DatedRate("EUR", day, Decimal("0.8")), DatedRate("USD", day, Decimal("0.64"))]


@pytest.mark.parametrize(
    ("text", "into", "said"),
    [
        ("", "EUR", "Line 1 is not the ECB's"),
        ("Day,USD\n2026-11-30,1.2", "EUR", "Line 1 is not the ECB's"),
        ("Date,USD\nyesterday,1.2", "EUR", "Line 2: “yesterday” is no day"),
        ("Date,USD\n2026-11-30,-1", "EUR", "Line 2, USD: “-1” is no rate"),
        ("Date,USD\n2026-11-30,NaN", "EUR", "Line 2, USD: “NaN” is no rate"),
        ("Date,USD\n2026-11-30,1.2", "CHF", "no rate of CHF"),
        ("Date,USD\n2026-11-30,N/A", "EUR", "has no rates"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_line(text, into, said):
    found = read_ecb(text, into)
    assert isinstance(found, Refused)
    assert said in found.sentence


def test_an_admin_types_a_rate_and_removes_it(alice, workspace):
    sent = {"currency": "usd", "day": "2026-11-30", "rate": "0,8"}
    assert alice.client.post(HERE, sent).status_code == 302
    kept = ExchangeRate.objects.get()
    assert (kept.currency, kept.into, str(kept.day), kept.rate) == ("USD", "EUR", "2026-11-30", Decimal("0.8"))
    assert "0.8 EUR" in alice.client.get(HERE).content.decode()
    assert alice.client.post(f"{HERE}{kept.pk}/remove/").status_code == 302
    assert ExchangeRate.objects.count() == 0
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["set_rate", "remove_rate"]


def test_a_file_brought_twice_counts_once_and_replaces_its_days(alice, workspace):
    set_rate(workspace, currency="USD", day=date(2026, 11, 30), rate=Decimal("9"), by=None)
    for _ in range(2):
        file = SimpleUploadedFile("eurofxref.csv", HISTORY.encode())
        assert alice.client.post(f"{HERE}import/", {"file": file}).status_code == 302
    assert ExchangeRate.objects.count() == 3
    assert rates_of(workspace).rate_on("USD", date(2026, 11, 30)) == Decimal("0.8")


@pytest.mark.parametrize(
    "sent", [{"currency": "EUR"}, {"currency": "dollar"}, {"rate": "0"}, {"rate": "x"}, {"rate": "-1"}, {"day": ""}]
)
def test_a_rate_that_is_none_is_refused_and_nothing_is_kept(alice, workspace, sent):
    answer = alice.client.post(HERE, {"currency": "USD", "day": "2026-11-30", "rate": "0.8"} | sent)
    assert answer.status_code == 422
    assert (ExchangeRate.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_only_admins_keep_rates(bob, workspace):
    member = workspace.memberships.get(user=bob.user)
    assert isinstance(import_rates(workspace, text=DAILY, by=member), Refused)
    assert bob.client.get(HERE).status_code == 403
    assert ExchangeRate.objects.count() == 0
