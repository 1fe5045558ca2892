"""Names, places, pages and devices of the demo company's world. Addresses end in .example, so no mail can ever leave."""

from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Berlin")
FIRST = (
    "Anna Ben Clara David Eva Felix Greta Hugo Ida Jonas Karla Leo Mia Nils Olga Paul Rosa Samuel Tilda Victor "
    "Marta Pablo Lucia Henrik Sofie Jan Elin Pieter Femke Luc Camille Marek Zofia Petra Tomas Nina Oskar Lena"
).split()
LAST = (
    "Albers Brandt Conrad Dietz Ebert Falk Gruber Hansen Iversen Jansen Keller Lorenz Martens Nowak Ott Peters Quast "
    "Richter Simon Thoma Ulrich Vogel Weber Zimmer Bakker Dubois Garcia Kowalski Larsen Moreau Nilsen Rossi Smit Virtanen"
).split()
KINDS = ("Klinik", "Clinic", "Hospital", "Praxis", "Care Centre", "Rehaklinik", "Medical Centre")
NAMES = (
    "St. Anna",
    "Am Park",
    "Elisabeth",
    "St. Josef",
    "Am Wall",
    "Luisen",
    "St. Georg",
    "Marien",
    "Am See",
    "Augusta",
    "Nord",
)
TOWNS = (
    "Nordufer Lindenau Eichwald Hafenstein Bergfeld Rosental Westkamp Ostermoor Silbersee Talheim Kronburg Falkenau "
    "Marienhof Seeblick Ahrenfeld Birkental Grünwald Steinbrück Weidenbach Altmarkt Hohenau Moorland Sandberg Ulmenhof"
).split()
# (time zone, weight); the country follows from the zone. Madrid is kept for the planted "too few to tell".
ZONES = (
    ("Europe/Berlin", 55),
    ("Europe/Vienna", 12),
    ("Europe/Zurich", 9),
    ("Europe/Amsterdam", 8),
    ("Europe/Copenhagen", 6),
    ("Europe/Paris", 5),
    ("Europe/Warsaw", 5),
)
FEW_ZONE = "Europe/Madrid"
REGIONS = {"Emil": ("Europe/Berlin",), "Bob": ("Europe/Vienna", "Europe/Zurich", "Europe/Madrid")}

PHONES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
)
DESKTOPS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
)

SITE = "https://halden.example"
GUIDES = tuple(
    f"/guides/{slug}"
    for slug in (
        "shift-planning-basics fair-night-shifts nurse-retention on-call-rules holiday-planning agency-staff-costs "
        "works-council-checklist self-rostering"
    ).split()
)
ARTICLES = tuple(
    f"/blog/{slug}" for slug in "staffing-in-winter five-questions-for-vendors a-ward-without-excel".split()
)
COMPARISONS = ("/compare/spreadsheets", "/compare/planik", "/compare/rosterly")
STORIES = ("/customers/klinik-lindenau", "/customers/rehaklinik-bergfeld", "/customers/seeblick-care-centre")
WEBINARS = ("/webinars/fair-rosters", "/webinars/works-council", "/webinars/night-shifts")
PLAIN = ("/", "/product", "/about", "/product/mobile-app", "/security")
REFERRERS = (
    "https://www.kma-online.example/",
    "https://pflege-forum.example/thread/roster",
    "https://www.startpage.example/",
)
SEARCHES = ("https://www.google.com/", "https://www.google.de/", "https://www.bing.com/", "https://duckduckgo.com/")
CAMPAIGNS = {
    "google_ads": ("shift-planning-de", "roster-software", "brand"),
    "linkedin": ("head-of-nursing-q4", "hospital-it-q4", "retention-ebook"),
    "webinars": ("fair-rosters", "works-council", "night-shifts"),
    "newsletter": ("monthly-note", "guide-of-the-month"),
}
LOST_REASONS = (
    "no budget this year",
    "chose a competitor",
    "no decision",
    "works council objected",
    "missing interface",
)
COMPETITORS = ("Planik", "Rosterly", "spreadsheets")
REJECT_REASONS = ("too small", "student", "competitor", "wrong country", "no real interest")
