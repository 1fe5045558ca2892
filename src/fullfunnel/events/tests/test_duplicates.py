import numpy as np
import pytest

from fullfunnel.core import clock
from fullfunnel.events import duplicates
from fullfunnel.events.duplicates import Memory, keys_of, remember
from fullfunnel.events.models import KeyBlock
from fullfunnel.events.store.slices import distinct
from fullfunnel.events.tests.stream import NOON

pytestmark = pytest.mark.django_db
DAY = 86_400_000_000


def keys(*names: str):
    return keys_of((1, "server", name) for name in names)


@pytest.fixture
def memory(tmp_path):
    (tmp_path / "keys").mkdir()
    return Memory(tmp_path / "keys")


def test_a_key_belongs_to_its_workspace_and_takes_any_text():
    named = [(1, "a"), (2, "a"), (1, "b"), (11, ""), (1, "1"), (1, "\ud800")]
    assert len({*keys_of((workspace, "server", name) for workspace, name in named).tolist()}) == 6
    assert keys("a").tolist() == keys("a").tolist()


def test_the_first_of_equals_is_new_and_what_was_remembered_is_not(memory):
    remember(1, keys("a"), keys("b"))
    assert memory.seen(keys("c", "a", "c", "b", "d")).tolist() == [False, True, True, True, False]
    remember(2, keys("c"), duplicates.NONE)
    assert memory.seen(keys("c", "d")).tolist() == [True, False]


def test_nothing_is_forgotten_while_keys_move_into_files_again_and_again(memory, monkeypatch):
    monkeypatch.setattr(duplicates, "MAX_FILES", 3)
    other = Memory(memory.directory)
    everything = []
    for batch in range(1, 30):
        fresh = [f"{batch}-{n}" for n in range(batch)]
        everything += fresh
        remember(batch, keys(*fresh[::2]), keys(*fresh[1::2]))
        assert other.seen(keys(*everything, "new")).tolist() == [True] * len(everything) + [False]
        if batch % 2:
            assert memory.roll(all_of_them=True)
        assert memory.seen(keys(*everything, "new")).tolist() == [True] * len(everything) + [False]
    assert len(list(memory.directory.glob("*.keys"))) <= 6


def test_keys_of_past_days_move_by_themselves_and_todays_only_when_they_are_many(memory, monkeypatch):
    with clock.frozen(clock.from_us(NOON)):
        remember(1, keys("a"), duplicates.NONE)
        assert not memory.roll()
    with clock.frozen(clock.from_us(NOON + DAY)):
        remember(2, keys("b"), duplicates.NONE)
        assert memory.roll()
        assert list(KeyBlock.objects.values_list("batch", flat=True)) == [2]
        monkeypatch.setattr(duplicates, "MAX_DATABASE_BYTES", 7)
        assert memory.roll()
        assert not KeyBlock.objects.exists()
        assert memory.seen(keys("a", "b")).tolist() == [True, True]


def test_a_crash_between_the_file_and_the_deletion_changes_no_answer(memory, monkeypatch):
    remember(1, keys("a"), duplicates.NONE)
    monkeypatch.setattr(duplicates, "reached", lambda name: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        memory.roll(all_of_them=True)
    assert KeyBlock.objects.count() == 1
    again = Memory(memory.directory)
    assert again.seen(keys("a", "b")).tolist() == [True, False]


def test_what_a_browser_calls_an_event_says_nothing_about_what_a_server_calls_one(memory):
    assert memory.repeated([(1, "web", "order-7"), (1, "server", "order-7"), (1, "web", "order-7")]).tolist() == [
        False,
        False,
        True,
    ]
    remember(1, keys_of([(1, "web", "order-8")]), keys_of([(1, "file", "order-9")]))
    again = [(1, kind, f"order-{number}") for number in (8, 9) for kind in ("web", "server", "file", "")]
    assert memory.repeated(again).tolist() == [True, False, True, True, False, True, True, True]


def test_for_30_days_after_the_upgrade_a_browser_is_also_known_by_its_former_key(memory):
    with clock.frozen(clock.from_us(NOON)):
        remember(1, duplicates.former_keys_of([(1, "web", "a")]), duplicates.NONE)
        assert memory.repeated([(1, "web", "a"), (1, "web", "b")]).tolist() == [True, False]
    later = Memory(memory.directory)
    with clock.frozen(clock.from_us(NOON + 30 * DAY)):
        assert later.repeated([(1, "web", "a")]).tolist() == [True]
    with clock.frozen(clock.from_us(NOON + 31 * DAY)):
        assert later.repeated([(1, "web", "a")]).tolist() == [False]


def test_a_new_directory_has_no_former_keys(memory):
    assert memory.repeated([(1, "server", "a")]).tolist() == [False]
    remember(1, keys_of([(1, "server", "a")]), duplicates.NONE)
    assert Memory(memory.directory).repeated([(1, "web", "a")]).tolist() == [False]


@pytest.mark.parametrize("values", [[], [5], [3, 1, 3, 2, 1], [2**63 - 1, -(2**63), 0, -(2**63)]])
def test_keys_stand_in_order_each_once(values):
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


def test_a_million_keys_in_many_files_are_searched_rightly(memory):
    chance = np.random.default_rng(7)
    held = np.unique(chance.integers(-(2**63), 2**63 - 1, 1_000_000))
    for number, part in enumerate(np.array_split(held, 5)):
        np.sort(part).tofile(memory.directory / f"forever.{number:012d}.keys")
    there, absent = chance.choice(held, 500, replace=False), held[:1] - 1
    assert memory.seen(np.concatenate([there, absent])).tolist() == [True] * 500 + [False]
