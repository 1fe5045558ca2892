"""What stands on the style guide: invented deals, which move in the session of who looks at them and are nobody's rows."""

from dataclasses import dataclass

from fullfunnel.core.numbers import number
from fullfunnel.core.pages.board import Board, Card, Column

# Tokens of core/static/tokens.css: the group, then (name without --ff-, what it is for).
COLOURS = (
    ("Grounds and lines", (("ground", "page"), ("surface", "card"), ("sunken", "head of a list"), ("hover", "under the pointer"),
                           ("line", "divides"), ("line-2", "bounds buttons"), ("line-strong", "bounds fields"))),
    ("Ink", (("ink", "what"), ("ink-soft", "about it"), ("ink-3", "when and meta"))),
    ("Action: pressed or chosen", (("accent", "button, focus"), ("accent-soft", "chosen"))),
    ("Marketing and sales", (("hue-1", "marketing"), ("marketing-ink", "its text"), ("marketing-soft", "its ground"),
                             ("hue-2", "sales"), ("sales-ink", "its text"), ("sales-soft", "its ground"))),
    ("State", (("leak", "a loss with a price"), ("good", "went well"), ("note", "look here"), ("bad", "refused"))),
    ("More data", (("hue-3", ""), ("hue-4", ""), ("hue-5", ""), ("hue-6", ""), ("remainder", "lost"), ("rest", "compared"))),
)  # fmt: skip
# (name without --ff-t, class, what it is for, a text)
TYPE = (
    ("-big", "type-big", "28/32, one a card", "€316,800"),
    ("-title", "type-title", "20/28, page title", "Rehaklinik Talheim"),
    ("-head", "type-head", "16/22, drawer and record", "How did the call go?"),
    ("-read", "type-read", "14/20, what is read", "Read here what she wrote"),
    ("", "type-text", "13/20, the interface", "Lena Gruber asked for a demo"),
    ("-second", "type-second", "12/16, second line", "Klinik Grünwald, Graz"),
    ("-meta", "type-meta", "11/16, groups and keys", "fit, engagement"),
)
COLUMNS = (
    ("discovery", "Discovery"),
    ("demo", "Demo"),
    ("proposal", "Proposal"),
    ("negotiation", "Negotiation"),
    ("won", "Won"),
    ("lost", "Lost"),
)
FOLDED = ("won", "lost")
REASONS = (
    ("market", "Not our market"),
    ("student", "A student, an applicant or a seller"),
    ("double", "Somebody asked before"),
    ("silent", "Cannot be reached"),
    ("budget", "No money this year"),
)


@dataclass(frozen=True)
class Deal:
    """A card's inside, as core/_card_of_deal.html draws it."""

    key: str
    name: str
    column: str
    euros: int
    step: str
    step_is: str = ""
    owner: str = "Bob"
    owner_hue: int = 1
    people: int = 2
    risk: str = ""
    days: int = 4

    @property
    def amount(self) -> str:
        return f"€{number(self.euros)}"


DEALS = (
    Deal("rosental", "Klinik Rosental", "discovery", 9_600, "Call Jan about wards, today 11:00", days=2),
    Deal(
        "nordufer", "Clinic Nordufer", "discovery", 9_600, "No next step", "none", "Dana", 2, 1, "single contact", days=9
    ),
    Deal("sandberg", "Praxis Sandberg", "discovery", 9_600, "Call back, overdue since Fri", "late", "Emil", 3, 1, days=16),
    Deal("seeblick", "Seeblick Care Centre", "demo", 9_600, "Demo for night team, Wed 2 Dec", risk="no close date", days=8),
    Deal("birkental", "Klinik Birkental", "demo", 9_600, "Demo held; send summary today", "", "Emil", 3, 3, days=11),
    Deal("talheim", "Rehaklinik Talheim", "proposal", 19_200, "Call with Marta and Luc, Thu 3 Dec 10:00", people=4, days=7),
    Deal("bergfeld", "Clinic Bergfeld", "proposal", 9_600, "Budget answer due Thu 3 Dec", "", "Dana", 2, days=6),
    Deal("lindenau", "Klinik Lindenau Nord", "negotiation", 19_200, "Legal review back, Tue 1 Dec", "", "Dana", 2, 4, days=5),
)  # fmt: skip


def reason_not_to_move(key: str, to: str) -> str:
    """Return why this sample may not go there, "" if it may: one card shows what a refusal looks like."""
    if to not in dict(COLUMNS):
        return "There is no such column any more."
    if key == "seeblick" and to in ("proposal", "negotiation", "won"):
        return f"{dict(COLUMNS)[to]} needs a close date."
    return ""


def sample_board(places: dict[str, str], address: str) -> Board:
    """Return the board with each deal in the column that `places` names, in the order of `places`, else where it began."""
    order = list(places)
    deals = sorted(DEALS, key=lambda deal: order.index(deal.key) if deal.key in order else len(order))
    columns = []
    for key, name in COLUMNS:
        here = [deal for deal in deals if places.get(deal.key, deal.column) == key]
        cards = [
            Card(f"deal-{deal.key}", deal.name, f"{address}record/{number}/", f"{address}move/{deal.key}/", deal)
            for number, deal in enumerate(DEALS, 1)
            if deal in here
        ]
        cards.sort(key=lambda card: here.index(card.body))
        sums = f"€{number(sum(deal.euros for deal in here))}" if here else ""
        columns.append(Column(key, name, len(here), cards, sums, is_folded=key in FOLDED))
    return Board("sample", "Sample deals by stage", "core/_card_of_deal.html", columns)
