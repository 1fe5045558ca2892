"""What is true of a random company: how likely each step is, and which groups are planted to do worse."""

from dataclasses import dataclass, field
from random import Random

# The period, and how much older than it the company is: people were on their way when it began.
DAYS, EARLIER = 90, 45
CHANNELS = ("Paid Search", "Organic Search", "Paid Social", "Email", "Direct", "Referral")
DEVICES = (("mobile", 0.45), ("desktop", 0.47), ("tablet", 0.08))
BROWSERS = {
    "mobile": ("Chrome Mobile", "Mobile Safari"),
    "desktop": ("Chrome", "Firefox", "Edge", "Safari"),
    "tablet": ("Mobile Safari", "Chrome Mobile"),
}
COUNTRIES = (("DE", 0.5), ("AT", 0.18), ("CH", 0.14), ("NL", 0.1), ("FR", 0.05), ("ES", 0.02), ("DK", 0.01))
LANDINGS = (("/", 0.4), ("/guides/rosters", 0.3), ("/product", 0.2), ("/pricing", 0.1))
KINDS = {"/": "home", "/guides/rosters": "content", "/product": "another page", "/pricing": "price"}
FIELDS = ("name", "email", "phone", "employees", "message")
INTEREST, CONSIDERATION, BEGIN, SEND, OPPORTUNITY, WIN = STEPS = (
    "interest",
    "consideration",
    "begin",
    "send",
    "opportunity",
    "win",
)
SLOW = "slow"
# How the fold calls what is planted: the step that loses, and the one it leads to.
CALLED = {
    INTEREST: "awareness",
    CONSIDERATION: "interest",
    SEND: "form:demo",
    OPPORTUNITY: "handed_over",
    WIN: "opportunity",
}


@dataclass(frozen=True)
class Planted:
    """A group (dimension, value) of a step goes on `factor` times as often as it would."""

    step: str
    dimension: str
    value: str
    factor: float

    @property
    def key(self) -> str:
        name = "waited_a_day" if self.dimension == SLOW else self.dimension
        return f"{CALLED[self.step]}|{name}|{self.value}"


@dataclass(frozen=True)
class Truth:
    """A company. rates: how likely each step is; shares: dimension -> value -> how many people have it."""

    people: int
    rates: dict[str, float]
    shares: dict[str, dict[str, float]]
    value: int
    slow: float
    planted: tuple[Planted, ...] = field(default=())

    def chance(self, step: str, traits: dict[str, str]) -> float:
        """Return how likely somebody with these traits takes a step."""
        chance = self.rates[step]
        for one in self.planted:
            if one.step == step and traits.get(one.dimension) == one.value:
                chance *= one.factor
        return chance

    def reaching(self, step: str) -> float:
        """Return how many people are expected where a step begins."""
        many = self.people * DAYS / (DAYS + EARLIER)
        for before in STEPS[: STEPS.index(step)]:
            many *= self.rates[before]
        return many


def random_truth(rng: Random, leaks: int) -> Truth:
    """Return a company of 2,000 to 20,000 people with so many leaks, each at a step of its own and large enough to be seen."""
    people = int(2_000 * 10 ** rng.random())
    rates = {
        INTEREST: rng.uniform(0.25, 0.4),
        CONSIDERATION: rng.uniform(0.3, 0.5),
        BEGIN: rng.uniform(0.5, 0.75),
        SEND: rng.uniform(0.55, 0.75),
        OPPORTUNITY: rng.uniform(0.35, 0.5),
        WIN: rng.uniform(0.3, 0.45),
    }
    sellers = ("s1", "s2", "s3", "s4")[: rng.randint(2, 4)]
    campaigns = dict.fromkeys(("autumn", "brand", "retention"), 0.12)
    shares = {
        "channel": dict.fromkeys(CHANNELS, 1 / len(CHANNELS)),
        "device": dict(DEVICES),
        "country": dict(COUNTRIES),
        "landing_page_kind": {KINDS[path]: share for path, share in LANDINGS},
        "campaign": campaigns,
        "seller": dict.fromkeys(sellers, 1 / len(sellers)),
    }
    truth = Truth(people, rates, shares, rng.choice((1_200, 4_800, 9_600, 24_000)), rng.uniform(0.1, 0.2))
    planted: list[Planted] = []
    choices = list(candidates(truth, rng))
    rng.shuffle(choices)
    for one in choices:
        if len(planted) < leaks and one.step not in {other.step for other in planted}:
            planted.append(one)
    slow = 0.35 if any(one.dimension == SLOW for one in planted) else truth.slow
    return Truth(people, rates, shares, truth.value, slow, tuple(planted))


# In standard errors: what is seen less clearly nobody could find for sure.
VISIBLE = 5.5


def candidates(truth: Truth, rng: Random) -> list[Planted]:
    """Return what may be planted: groups so large, and so much worse, that they are to be seen."""
    of_people = ("channel", "campaign", "device", "country", "landing_page_kind")
    places = [(step, name) for step in (INTEREST, CONSIDERATION) for name in of_people]
    places += [(SEND, "device"), (SEND, "browser"), (OPPORTUNITY, SLOW), (OPPORTUNITY, "seller"), (WIN, "seller")]
    found = []
    for step, name in places:
        values = (
            {"Mobile Safari": 0.265} if name == "browser" else {"yes": 0.35} if name == SLOW else truth.shares[name]
        )
        value = rng.choice(list(values))
        one = Planted(step, name, value, rng.uniform(0.25, 0.55))
        if seen_by(truth, one, values[value]) >= VISIBLE:
            found.append(one)
    return found


def seen_by(truth: Truth, one: Planted, share: float) -> float:
    """Return by how many standard errors a planted group is expected to lie below the others."""
    many, rate = truth.reaching(one.step), truth.rates[one.step]
    if one.step == WIN:
        # A third is still open.
        many *= 0.7
    mean = rate * (1 - share + share * one.factor)
    spread = mean * (1 - mean) * (1 / (many * share) + 1 / (many * (1 - share)))
    return float(rate * (1 - one.factor) / spread**0.5)
