"""A platform's report is read as it is: encodings, titles, sums, thousands, currencies; what fits two readings is asked."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from fullfunnel.campaigns.spend.cells import read_cells
from fullfunnel.campaigns.spend.mapping import BY_NAME, Mapping, chosen, header_at, suggested
from fullfunnel.campaigns.spend.reading import read_report
from fullfunnel.core.refused import Refused
from tests.kit.shared import shared

GOOGLE = """Campaign report
"June 1, 2026 - June 2, 2026"
Day,Campaign,Campaign ID,Currency code,Cost,Clicks,Impr.
2026-06-01,Night shifts,7, EUR,"1,012.30",5,"1,100"
2026-06-02,Night shifts,7,EUR, --,0,90
Total: account,,,EUR,"1,012.30",5,"1,190"
"""
LINKEDIN = """Campaign performance report
Date generated: 7/1/2026

Start Date (in UTC),Campaign Name,Campaign ID,Impressions,Clicks,Total Spent,Currency
6/1/2026,guide,367,12000,90,"1,234.56",EUR
6/2/2026,guide,367,11000,80,999.00,EUR
"""


def read(content: bytes, **changed: object):
    rows = read_cells(content)
    assert not isinstance(rows, Refused), rows.sentence
    name, mapping = suggested(rows[header_at(rows)])
    return name, read_report(rows, Mapping(**{**vars(mapping), **changed}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_googles_report_is_read_in_any_encoding_without_its_titles_and_sums(encoding, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(GOOGLE)))
    text = out.getvalue()
    name, found = read(text.encode(encoding))
    assert (name, found.header_line, found.rows) == ("google_ads_export", 3, 2)
    assert found.sums == {"EUR": Decimal("1012.3000")}
    assert [(line.day, line.amount, line.impressions) for line in found.lines] == [
        (date(2026, 6, 1), Decimal("1012.3000"), 1_100), (date(2026, 6, 2), Decimal("0.0000"), 90),
    ]  # fmt: skip
    assert [(one.line, one.reason) for one in found.skipped] == [(6, "total")]
    assert found.refused == []


def test_linkedins_report_puts_the_month_first():
    name, found = read(LINKEDIN.encode())
    assert (name, found.header_line, found.sums) == ("linkedin_export", 4, {"EUR": Decimal("2233.5600")})
    assert [line.day for line in found.lines] == [date(2026, 6, 1), date(2026, 6, 2)]


def test_a_workbook_is_read_like_a_file():
    cells = [["Campaign report"], ["Day", "Campaign", "Cost", "Currency code"], ["2026-06-01", "Brand", "12.5", "EUR"]]
    _, found = read(workbook(cells))
    assert (found.header_line, found.sums) == (2, {"EUR": Decimal("12.5000")})


def workbook(rows: list[list[str]]) -> bytes:
    def drawn(row: list[str]) -> str:
        return "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)

    sheet = "".join(f'<row r="{at}">{drawn(row)}</row>' for at, row in enumerate(rows, 1))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relation = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {main} {relation}><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("days", "open_", "read_as"),
    [
        (["5/6/2026", "7/8/2026"], ["month-first", "day-first"], []),
        (["5/6/2026", "31/8/2026"], [], [date(2026, 6, 5), date(2026, 8, 31)]),
        (["5.6.2026", "8/31/2026"], [], [date(2026, 5, 6), date(2026, 8, 31)]),
    ],
)
def test_a_days_order_is_decided_by_the_column_or_asked(days, open_, read_as):
    text = "Date;Campaign;Spend (EUR)\n" + "".join(f"{day};a{at};1,50\n" for at, day in enumerate(days))
    _, found = read(text.encode())
    assert [value for one in found.open for value, _ in one.readings] == open_
    assert sorted(line.day for line in found.lines) == read_as


def test_an_amount_that_can_be_two_is_asked_and_one_cell_decides_for_all():
    _, unclear = read(b'Day,Campaign,Cost,Currency\n2026-06-01,a,"1,234",EUR\n')
    assert ([one.target for one in unclear.open], unclear.lines) == (["amount"], [])
    _, german = read("Tag;Kampagne;Kosten;Währung\n2026-06-01;a;1.234;EUR\n2026-06-02;a;1.234,50;EUR\n".encode())
    assert german.sums == {"EUR": Decimal("2468.5000")}


def test_a_row_that_cannot_be_read_is_refused_with_its_line_and_the_others_are_kept():
    _, found = read(
        b"Day,Campaign,Cost,Currency\n2026-06-01,a,1.50,EUR\nsoon,a,2,EUR\n2026-06-02,a,many,EUR\n2026-06-03,a,3,Euros\n"
    )
    assert [(one.line, one.reason) for one in found.refused] == [
        (3, "“soon” is no day"), (4, "“many” is no amount of money"), (5, "“EUROS” is no currency; write three letters like EUR"),
    ]  # fmt: skip
    assert found.sums == {"EUR": Decimal("1.5000")}


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02\xff" * 50, b"PK\x03\x04nothing", b"PK" + b"x" * 100])
def test_what_is_no_report_is_refused_with_a_sentence(content):
    found = read_cells(content)
    assert isinstance(found, Refused)
    assert found.sentence


# Report of ../shared/data/ads -> how it is mapped, the column of the money, how many of a unit it counts.
TABLES = {
    "google_ads_campaign_stats": ("google_ads_campaigns_table", "cost_micros", 1_000_000),
    "google_ads_ad_group_stats": ("google_ads_groups_table", "cost_micros", 1_000_000),
    "facebook_ads_basic_ad": ("meta_table", "spend", 1),
    "linkedin_ad_analytics_by_campaign": ("linkedin_table", "cost_in_local_currency", 1),
    "microsoft_ads_campaign_performance_daily_report": ("microsoft_table", "spend", 1),
    "pinterest_campaign_report": ("pinterest_table", "spend_in_micro_dollar", 1_000_000),
    "reddit_ads_campaign_report": ("reddit_table", "spend", 1_000_000),
    "snapchat_campaign_hourly_report": ("snapchat_table", "spend", 1_000_000),
    "tiktok_campaign_report_hourly": ("tiktok_table", "SPEND", 1),
    "twitter_campaign_report": ("x_table", "billed_charge_local_micro", 1_000_000),
    "amazon_ads_campaign_level_report": ("amazon_table", "cost", 1),
    "apple_search_campaign_report": ("apple_table", "local_spend_amount", 1),
}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_each_platform_adds_up_to_the_cent_by_its_named_mapping(table):
    preset, column, scale = TABLES[table]
    path = shared(f"data/ads/{table}_data.csv")
    rows = read_cells(path.read_bytes())
    mapping = chosen(preset, rows[header_at(rows)])
    found = read_report(rows, Mapping(**{**vars(mapping), "currency": mapping.currency or "EUR"}))
    with path.open(encoding="utf-8-sig", newline="") as file:
        amounts = [Decimal(row[column] or 0) for row in csv.DictReader(file)]
    cent = Decimal("0.01")
    assert (found.rows, found.refused) == (len(amounts), [])
    assert sum(found.sums.values()).quantize(cent) == (sum(amounts) / scale).quantize(cent)
    assert (suggested(rows[header_at(rows)])[0] == preset) is not BY_NAME[preset].is_told


@pytest.mark.parametrize(
    ("name", "preset", "header", "spend", "skipped"),
    [
        ("google_ads.csv", "google_ads_export", 3, "12.30", [6]),
        ("linkedin_ads.csv", "linkedin_export", 4, "2233.56", []),
    ],
)
def test_adverts_as_the_platforms_give_them_need_no_hand(name, preset, header, spend, skipped):
    told, found = read(shared(f"cases/selling/files/{name}").read_bytes())
    assert (told, found.header_line, found.rows, found.refused, found.open) == (preset, header, 2, [], [])
    assert found.sums == {"EUR": Decimal(spend).quantize(Decimal("0.0001"))}
    assert [one.line for one in found.skipped] == skipped
