"""What a user agent and a time zone say by themselves."""

import pytest

from fullfunnel.capture.agents import agent_of
from fullfunnel.capture.countries import country_of

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "device", "system", "browser"),
    [
        (CHROME, "desktop", "Windows", "Chrome"),
        (IPHONE, "mobile", "iOS", "Mobile Safari"),
        (IPHONE.replace("iPhone;", "iPad;"), "tablet", "iOS", "Mobile Safari"),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 "
            "Mobile Safari/537.36",
            "mobile",
            "Android",
            "Chrome Mobile",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-X910) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/149.0.0.0 Safari/537.36",
            "tablet",
            "Android",
            "Chrome",
        ),
        (
            "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
            "tv",
            "Web0S",
            "Chrome",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "desktop",
            "Mac OS X",
            "Firefox",
        ),
        ("analytics-python/2.4.0", "", "", ""),
        ("curl/8.5.0", "", "", ""),
        ("python-requests/2.32", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_what_a_user_agent_says(agent, device, system, browser):
    found = agent_of(agent)
    assert (found.device, found.browser, found.bot) == (device, browser, "")
    assert found.os == system


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("America/Sao_Paulo", "BR"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("US/Pacific", "US"),
        ("UTC", ""),
        ("Etc/GMT+1", ""),
        ("Nowhere/Land", ""),
        ("", ""),
    ],
)
def test_the_country_of_a_time_zone(zone, country):
    assert country_of(zone) == country
