"""Find repeated events by a 64-bit hash of (workspace, trust class, event id).

Live ids are kept for 30 days, imported ones for ever. A browser's ids are never compared with those of servers,
files or fullfunnel itself (docs/adr/0093). New keys stand in the database; `roll` moves them into sorted,
memory-mapped files.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from django.db.models import Sum
from django.db.models.functions import Length
from numpy.typing import NDArray

from fullfunnel.core import clock
from fullfunnel.events.failpoints import reached
from fullfunnel.events.models import KeyBlock
from fullfunnel.events.store.files import write_durably
from fullfunnel.events.store.slices import distinct

Keys = NDArray[np.int64]
# (workspace id, kind of its source, id that the sender gave).
Identified = tuple[int, str, str]
WEB = "web"
DAYS = 30
FOREVER = "forever"
MAX_DATABASE_BYTES = 8 * 1_000_000  # bytes
MAX_BLOCKS = 2_000
MAX_FILES = 8
NONE: Keys = np.empty(0, np.int64)
# Below the directory of the keys: the day since which a browser's ids have keys of their own.
SEPARATE_SINCE = "web-since"


def keys_of(identified: Iterable[Identified]) -> Keys:
    """Return the keys of the events, in the same order."""
    digests = [
        blake2b(_text(workspace_id, event_id), digest_size=8, person=b"web" if kind == WEB else b"").digest()
        for workspace_id, kind, event_id in identified
    ]
    return np.frombuffer(b"".join(digests), np.int64)


def former_keys_of(identified: Iterable[Identified]) -> Keys:
    """Return the keys that a program before trust classes gave the same events."""
    return keys_of((workspace_id, "", event_id) for workspace_id, _, event_id in identified)


def _text(workspace_id: int, event_id: str) -> bytes:
    return f"{workspace_id}:{event_id}".encode("utf-8", "surrogatepass")


def today() -> int:
    """Days since 1970 UTC."""
    return clock.now_us() // 86_400_000_000


def remember(batch_id: int, live: Keys, forever: Keys) -> None:
    """Enter the keys of a batch, in the transaction that closes it."""
    KeyBlock.objects.create(
        batch=batch_id, day=today(), live=np.sort(live).tobytes(), forever=np.sort(forever).tobytes()
    )


class Memory:
    """All remembered keys of a data directory. Other processes may add and roll."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._sorted: list[Keys] = []
        self._last_block = -1
        self._maps: dict[Path, Keys] = {}
        self._separate_since: int | None = None

    def repeated(self, identified: Sequence[Identified]) -> NDArray[np.bool_]:
        """Return whether each event was stored before, or stands earlier among these.

        For 30 days after the upgrade a browser's event also repeats what the program before remembered.
        """
        found = self.seen(keys_of(identified))
        if today() - self._since() <= DAYS:
            web = np.array([kind == WEB for _, kind, _ in identified], np.bool_)
            found[web] |= self._remembered(former_keys_of(one for one in identified if one[1] == WEB))
        return found

    def _since(self) -> int:
        """Return the day of the upgrade; a day long ago in a new directory."""
        if self._separate_since is None:
            path = self.directory / SEPARATE_SINCE
            if not path.exists():
                is_new = not KeyBlock.objects.exists() and not any(self.directory.glob("*.keys"))
                _write_day(path, 0 if is_new else today())
            self._separate_since = int(path.read_text())
        return self._separate_since

    def seen(self, keys: Keys) -> NDArray[np.bool_]:
        """Return whether each key was remembered before, or stands earlier in `keys`."""
        unique, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
        again = np.ones(len(keys), np.bool_)
        again[first] = False
        return again | self._remembered(unique)[inverse]

    def _remembered(self, keys: Keys) -> NDArray[np.bool_]:
        # Careful: the database first. A block that is rolled away in between is found in a file then, never in neither.
        self._read_new_blocks()
        known = np.zeros(len(keys), np.bool_)
        for remembered in [*self._sorted, *self._files()]:
            known |= _among(keys, remembered)
        return known

    def roll(self, *, all_of_them: bool = False) -> bool:
        """Move keys into files and forget old ones, when due; return whether it did."""
        self._forget_old()
        blocks = KeyBlock.objects.all() if all_of_them or self._is_full() else KeyBlock.objects.filter(day__lt=today())
        found = list(blocks)
        if not found:
            return False
        parts: dict[str, list[Keys]] = defaultdict(list)
        for block in found:
            parts[f"live-{block.day:08d}"].append(np.frombuffer(block.live, np.int64))
            parts[FOREVER].append(np.frombuffer(block.forever, np.int64))
        for name, arrays in parts.items():
            if sum(map(len, arrays)):
                self._write(name, found[-1].pk, arrays)
        reached("keys-written")
        KeyBlock.objects.filter(pk__in=[block.pk for block in found]).delete()
        self._sorted, self._last_block = [], -1
        return True

    def _read_new_blocks(self) -> None:
        for block in KeyBlock.objects.filter(batch__gt=self._last_block).order_by("batch"):
            keys = np.frombuffer(bytes(block.live) + bytes(block.forever), np.int64)
            # Arrays of doubling size: few to search, and each key is sorted again only a few times.
            while self._sorted and len(self._sorted[-1]) <= 2 * len(keys):
                keys = np.concatenate([self._sorted.pop(), keys])
            self._sorted.append(np.sort(keys))
            self._last_block = block.pk

    def _files(self) -> list[Keys]:
        paths = sorted(self.directory.glob("*.keys"))
        self._maps = {path: self._maps[path] if path in self._maps else _mapped(path) for path in paths}
        return list(self._maps.values())

    def _is_full(self) -> bool:
        sums = KeyBlock.objects.aggregate(live=Sum(Length("live")), forever=Sum(Length("forever")))
        size = (sums["live"] or 0) + (sums["forever"] or 0)
        return size > MAX_DATABASE_BYTES or KeyBlock.objects.count() > MAX_BLOCKS

    def _write(self, name: str, number: int, arrays: Sequence[Keys]) -> None:
        present = sorted(self.directory.glob(f"{name}.*.keys"))
        merged = present if len(present) >= MAX_FILES else []
        keys = distinct(np.concatenate([*arrays, *(_mapped(path) for path in merged)]))
        write_durably(self.directory / f"{name}.{number:012d}.keys", lambda to: keys.tofile(to))
        for path in merged:
            path.unlink(missing_ok=True)

    def _forget_old(self) -> None:
        for path in self.directory.glob("live-*.keys"):
            if int(path.name.removeprefix("live-").split(".")[0]) < today() - DAYS:
                path.unlink(missing_ok=True)


def _write_day(path: Path, day: int) -> None:
    def write(to: Path) -> None:
        to.write_text(str(day))

    write_durably(path, write)


def _mapped(path: Path) -> Keys:
    return np.memmap(path, np.int64, mode="r") if path.stat().st_size else NONE


def _among(keys: Keys, remembered: Keys) -> NDArray[np.bool_]:
    if not len(remembered):
        return np.zeros(len(keys), np.bool_)
    places = np.searchsorted(remembered, keys)
    found: NDArray[np.bool_] = remembered[np.minimum(places, len(remembered) - 1)] == keys
    return found
