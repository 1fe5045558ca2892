"""What the doctor finds."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor looked at."""

    name: str
    is_well: bool
    # What there is, in words.
    found: str
    # What to do when it is not well.
    mend: str = ""
