"""What is true of the shop and of the installer in 90 days: a reader of their pages finds these numbers again."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Channel:
    """people: who came first by it; query, referrer: how their first address shows that."""

    name: str
    people: int
    query: str = ""
    referrer: str = ""


@dataclass(frozen=True)
class Device:
    """Of those with a basket on one kind of device, how many paid."""

    baskets: int
    bought: int


@dataclass(frozen=True)
class Shop:
    """vouchers: who bought first with one, and how many of them ordered again; others: the same of the rest."""

    channels: tuple[Channel, ...]
    interested: int
    phone: Device
    desktop: Device
    vouchers: tuple[int, int]
    others: tuple[int, int]
    refunded: int
    reviews: int

    @property
    def people(self) -> int:
        return sum(channel.people for channel in self.channels)

    @property
    def bought(self) -> int:
        return self.phone.bought + self.desktop.bought


@dataclass(frozen=True)
class Solar:
    """Households: who began and who finished the calculator, what became of the quotes that were asked for, and of the deals."""

    channels: tuple[Channel, ...]
    began: int
    finished: int
    accepted: int
    rejected: int
    recycled: int
    aged_out: int
    waiting: int
    signed: int
    lost: int
    open: int

    @property
    def people(self) -> int:
        return sum(channel.people for channel in self.channels)

    @property
    def asked(self) -> int:
        return self.accepted + self.rejected + self.recycled + self.aged_out + self.waiting


GOOGLE, BING = "https://www.google.com/", "https://www.bing.com/"
LUND = Shop(
    channels=(
        Channel("meta", 1_540, "utm_source=facebook&utm_medium=paid-social&utm_campaign=autumn-teas"),
        Channel("google", 1_020, "utm_source=google&utm_medium=cpc&utm_campaign=shopping-tea", GOOGLE),
        Channel("creators", 310, "utm_source=instagram&utm_medium=affiliate&utm_campaign=creators"),
        Channel("guides", 730, "", GOOGLE),
        Channel("newsletter", 240, "utm_source=newsletter&utm_medium=email&utm_campaign=tea-letter"),
        Channel("direct", 420),
    ),
    interested=1_278,
    phone=Device(213, 68),
    desktop=Device(107, 53),
    vouchers=(33, 5),
    others=(88, 29),
    refunded=4,
    reviews=6,
)
SONNWERK = Solar(
    channels=(
        Channel("google", 760, "utm_source=google&utm_medium=cpc&utm_campaign=solar-roof", GOOGLE),
        Channel("search", 480, "", BING),
        Channel("neighbours", 210, "utm_source=neighbours&utm_medium=referral&utm_campaign=garden-sign"),
        Channel("direct", 350),
    ),
    began=540,
    finished=216,
    accepted=78,
    rejected=14,
    recycled=8,
    aged_out=6,
    waiting=14,
    signed=15,
    lost=24,
    open=21,
)
