"""Who opened a link of a mail: a program or a person. Pure; only what a person did becomes `email_clicked`."""

from collections.abc import Sequence
from dataclasses import dataclass

MACHINE, HUMAN, PROBABLE, REPEAT = "machine", "human", "probable", "repeat"
HIDDEN = "hidden"
# Seconds.
TOO_SOON, BURST, AROUND_HIDDEN, DOUBLE = 5.0, 2.0, 60.0, 2.0
BURST_LINKS = 3
BARE = ("mozilla/5.0", "mozilla/4.0")
PROGRAMS = (
    "bot",
    "crawler",
    "spider",
    "preview",
    "scan",
    "curl",
    "wget",
    "python-",
    "java/",
    "go-http",
    "barracuda",
    "proofpoint",
)


@dataclass(frozen=True)
class Hit:
    """after: seconds since the mail was delivered; beacon: the page that it led to said that it was seen."""

    after: float
    link: str
    ip: str
    method: str = "GET"
    agent: str = ""
    beacon: bool = False


def judge(hits: Sequence[Hit]) -> list[str]:
    """Return for each hit of one mail, in their order, what it was."""
    found: list[str] = []
    for at, hit in enumerate(hits):
        if _is_machine(hit, hits):
            found.append(MACHINE)
        elif _is_repeat(hit, hits[:at]):
            found.append(REPEAT)
        else:
            found.append(HUMAN if hit.beacon else PROBABLE)
    return found


def _is_machine(hit: Hit, hits: Sequence[Hit]) -> bool:
    if hit.method == "HEAD" or is_program(hit.agent) or hit.link == HIDDEN:
        return True
    if hit.after < TOO_SOON and not hit.beacon:
        return True
    same = [other for other in hits if other.ip == hit.ip]
    if any(other.link == HIDDEN and abs(other.after - hit.after) <= AROUND_HIDDEN for other in same):
        return True
    return any(_burst(start, same, hit) for start in same)


def _burst(start: Hit, hits: Sequence[Hit], hit: Hit) -> bool:
    """Whether `hit` is one of three different links within two seconds from `start` on."""
    inside = [other for other in hits if 0 <= other.after - start.after <= BURST]
    return hit in inside and len({other.link for other in inside}) >= BURST_LINKS


def _is_repeat(hit: Hit, before: Sequence[Hit]) -> bool:
    return any(one.link == hit.link and one.ip == hit.ip and hit.after - one.after <= DOUBLE for one in before)


def is_program(agent: str) -> bool:
    """Whether a User-Agent says nothing, no more than the bare prefix, or the name of a program."""
    text = agent.strip().lower()
    return not text or text in BARE or any(name in text for name in PROGRAMS)


def judge_open(agent: str, after: float) -> str:
    """Return "open" or "machine" of a picture that was loaded; opens decide nothing."""
    return MACHINE if after < TOO_SOON or is_program(agent) else "open"
