"""From a life to client calls: what the browser of one person sends, as Segment's API has it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fullfunnel.demo import places, sales
from fullfunnel.demo.halden_forms import CONTACT, DEMO, NO_FORMS, Forms
from fullfunnel.demo.handovers import HandOver
from fullfunnel.demo.plan import CONSIDERING, INTERESTED, Life
from fullfunnel.demo.teller import WEB, Call, Teller

MESSAGES = (
    "Please call me about rosters for three wards.",
    "What does it cost for 400 people?",
    "Wir suchen eine Lösung für die Nachtdienste.",
    "Does it talk to our payroll?",
    "Könnten Sie uns das nächste Woche zeigen?",
)


def tell(life: Life, seed: int, forms: Forms = NO_FORMS) -> list[tuple[str, Call]]:
    """All calls of one life, with the door each goes through, in the order they are to be sent."""
    teller = Teller(life, seed, forms)
    if life.is_ada:
        ada(teller)
    elif life.level == CONSIDERING:
        consider(teller)
    elif life.level == INTERESTED:
        visits(teller, teller.rng.choices((2, 3, 4), (5, 3, 2))[0])
        if teller.rng.random() < 0.25:
            subscribe(teller)
    else:
        visit(teller, life.first_at, teller.rng.choices((1, 2, 3, 4, 5, 7), (30, 24, 18, 12, 9, 7))[0], first=True)
    if life.hand_over:
        sales.hand_over(teller, life.hand_over)
    return teller.calls


def landing(teller: Teller) -> tuple[str, str, str]:
    """Path, query and referrer of the first page: that is how the channel shows."""
    rng, channel = teller.rng, teller.life.channel
    if channel in places.CAMPAIGNS:
        campaign = rng.choice(places.CAMPAIGNS[channel])
        if channel == "google_ads":
            query = urlencode(
                {
                    "utm_source": "google",
                    "utm_medium": "cpc",
                    "utm_campaign": campaign,
                    "gclid": f"Cj{rng.getrandbits(60):x}",
                }
            )
            return rng.choice(("/", "/product", "/demo")), query, "https://www.google.com/"
        if channel == "linkedin":
            query = urlencode({"utm_source": "linkedin", "utm_medium": "paid-social", "utm_campaign": campaign})
            return rng.choice((*places.GUIDES[:3], "/product")), query, "https://www.linkedin.com/"
        if channel == "webinars":
            query = urlencode({"utm_source": "webinar", "utm_medium": "referral", "utm_campaign": campaign})
            return f"/webinars/{campaign}", query, ""
        query = urlencode({"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": campaign})
        return rng.choice(places.GUIDES + places.ARTICLES), query, ""
    if channel == "guides":
        return rng.choice(places.GUIDES), "", rng.choice(places.SEARCHES)
    return "/", "", rng.choice(("", "", *places.REFERRERS))


def visit(teller: Teller, at: datetime, pages: int, *, first: bool, paths: tuple[str, ...] = places.PLAIN) -> datetime:
    """One session of so many pages; returns the time after it."""
    path, query, referrer = landing(teller) if first else (teller.rng.choice(paths), "", "")
    for number in range(pages):
        if number:
            path, query, referrer = teller.rng.choice(paths), "", places.SITE + path
        teller.page(path, at, query=query, referrer=referrer)
        at += timedelta(seconds=min(1_500, teller.rng.lognormvariate(3.6, 0.9)))
    return at


def visits(teller: Teller, sessions: int, *, until: datetime | None = None) -> datetime:
    """Several sessions within 30 days with content between them: what makes an interested person."""
    at, last = teller.life.first_at, until or teller.life.until
    end = at
    for number in range(sessions):
        paths = places.PLAIN + places.GUIDES + places.ARTICLES
        end = visit(teller, at, teller.rng.choices((3, 4, 5, 6, 8), (2, 3, 3, 2, 1))[0], first=number == 0, paths=paths)
        room = (last - end) / timedelta(days=1) / max(1, sessions - number)
        at = end + timedelta(days=min(teller.rng.uniform(0.8, 7), max(0.03, room * 0.9)))
    return end


def subscribe(teller: Teller) -> None:
    """The newsletter, confirmed; then some issues, opened or not."""
    at = teller.life.first_at + timedelta(minutes=teller.rng.uniform(3, 30))
    teller.identify(at)
    teller.track("newsletter_confirmed", at + timedelta(minutes=4), list="monthly-note")
    for month in range(1, 5):
        sent = at + timedelta(days=28 * month)
        teller.note("email_delivered", sent, campaign="monthly-note")
        if teller.rng.random() < 0.45:
            teller.note("email_opened", sent + timedelta(hours=teller.rng.uniform(0.2, 40)), campaign="monthly-note")


def consider(teller: Teller) -> None:
    """Interest, then price page, comparison or case study; then the form, a trial, or nothing."""
    life, rng = teller.life, teller.rng
    # Everything that led to a hand-over happened before it.
    # A form that never arrived was begun more than a day before the end, so that it is lost and not pending.
    last = life.until - timedelta(hours=26 if life.form else 2)
    last = life.hand_over.at - timedelta(minutes=12) if life.hand_over else last
    sessions = rng.choices((2, 3, 4, 5), (3, 4, 2, 1))[0]
    at = visits(teller, sessions, until=life.first_at + (last - life.first_at) * 0.8)
    at = min(at + timedelta(hours=rng.uniform(1, 20)), last - timedelta(minutes=8)) if last > at else at
    for path in rng.sample(("/pricing", *places.COMPARISONS, *places.STORIES), 3):
        teller.page(path, at)
        at += timedelta(seconds=rng.uniform(20, 110))
    teller.page("/pricing", at)
    if life.channel == "webinars" or rng.random() < 0.12:
        webinar(teller)
    if life.hand_over:
        ask(teller, life.hand_over)
    elif life.form:
        teller.page("/demo", at + timedelta(minutes=1))
        begin_in_vain(teller, at + timedelta(minutes=2))
    elif life.alone:
        buy_alone(teller, at)


def begin_in_vain(teller: Teller, at: datetime) -> None:
    """The demo form, begun and left at a field, or at the button, where no field is left."""
    teller.form(DEMO, "form_started", at)
    if field := teller.life.stopped_at:
        teller.form(DEMO, "form_field_abandoned", at + timedelta(seconds=70), field=field)


def webinar(teller: Teller) -> None:
    """Registered on the first day, and attended for a while or not at all."""
    at = teller.life.first_at + timedelta(minutes=9)
    name = teller.rng.choice(places.WEBINARS).rsplit("/", 1)[1]
    teller.identify(at, title="Head of nursing")
    teller.track("webinar_registered", at, webinar=name)
    if teller.rng.random() < 0.6:
        teller.note("webinar_attended", at + timedelta(hours=2), webinar=name, minutes=int(teller.rng.uniform(8, 58)))


def ask(teller: Teller, hand: HandOver) -> None:
    """The demo form, the contact form, or the score that made sales look; the person becomes known here at the latest."""
    at = hand.at
    form = {"demo form": DEMO, "contact form": CONTACT}.get(hand.via, "")
    if form:
        teller.page("/demo" if form == DEMO else "/contact", at - timedelta(minutes=4))
        teller.form(form, "form_started", at - timedelta(minutes=3))
    employees = teller.rng.choice((40, 80, 120, 250, 400, 900))
    teller.identify(
        at - timedelta(seconds=2),
        company=teller.company,
        employees=employees,
        title=teller.rng.choice(("Head of nursing", "Managing director", "HR lead", "IT lead")),
    )
    teller.call(
        WEB,
        "group",
        at - timedelta(seconds=1),
        groupId=teller.domain,
        traits={"name": teller.company, "employees": employees},
        context=teller.context(),
    )
    if form:
        teller.submit(form, at, answers_of(teller, form, employees))


def answers_of(teller: Teller, form: str, employees: int) -> dict[str, Any]:
    """What somebody wrote; seven of ten give a number, of those that Germany keeps for stories."""
    number = teller.life.number
    known = {"name": f"{teller.first} {teller.last}", "email": teller.email, "consent": True}
    known["phone"] = f"030 23125 {number % 1000:03d}" if number % 10 < 7 else ""
    if form == CONTACT:
        return known | {"message": MESSAGES[number % len(MESSAGES)]}
    pains = teller.forms.pains
    chosen = [pains[number % len(pains)], pains[number // 4 % len(pains)]] if pains else []
    return known | {"employees": str(employees), "pains": sorted(set(chosen))}


def buy_alone(teller: Teller, at: datetime) -> None:
    """The starter plan, without a word to anybody."""
    teller.page("/signup", at + timedelta(minutes=1))
    teller.identify(at + timedelta(minutes=3), plan="starter")
    teller.track("trial_started", at + timedelta(minutes=3), plan="starter")
    paid = min(at + timedelta(days=14), teller.life.until - timedelta(minutes=30))
    teller.track("subscription_started", paid, plan="starter", revenue="49.00", currency="EUR")


def ada(teller: Teller) -> None:
    """Ada Brandt: LinkedIn ad, guide, price twice, the form three times on her phone, gone."""
    at = teller.life.first_at
    query = urlencode({"utm_source": "linkedin", "utm_medium": "paid-social", "utm_campaign": "head-of-nursing-q4"})
    teller.page(places.GUIDES[2], at, query=query, referrer="https://www.linkedin.com/")
    teller.identify(at + timedelta(minutes=6), title="Head of nursing")
    teller.track("guide_downloaded", at + timedelta(minutes=7), guide="nurse-retention")
    teller.page("/pricing", at + timedelta(minutes=9))
    again = at + timedelta(hours=19)
    teller.page("/pricing", again)
    teller.page("/demo", again + timedelta(minutes=3))
    for attempt in range(3):
        begin_in_vain(teller, again + timedelta(minutes=4 + 2 * attempt))


def stories(all_lives: Iterator[Life], seed: int, forms: Forms = NO_FORMS) -> Iterator[tuple[str, Call]]:
    """The calls of everybody, life after life."""
    for life in all_lives:
        yield from tell(life, seed, forms)
