import pytest

from fullfunnel.config import wiring
from fullfunnel.core import clock
from fullfunnel.events import catalogue, on_tick
from fullfunnel.events.drain import close_drain
from fullfunnel.events.models import Batch, Cursor
from fullfunnel.events.reactions import filling, telling
from fullfunnel.events.reactions.wired import end_of, reactions
from fullfunnel.events.tests import stream
from fullfunnel.events.tests.stream import arrival, drain, put
from fullfunnel.workspaces.models import Source, Workspace

pytestmark = pytest.mark.django_db
HERE = "fullfunnel.events.tests.stream."
OF_DEALS = "fullfunnel.events.tests.reaction_of_deals.on_events"
DAY = 86_400_000_000


@pytest.fixture
def workspace(data_dir, settings):
    settings.INTAKE = [HERE + "name_them"]
    settings.ON_EVENT = [("react", HERE + "react", "now")]
    stream.told.clear()
    stream.is_failing = False
    telling._again_at.clear()
    return Workspace.objects.create(name="Halden", slug="halden")


def live(number, **more):
    return arrival(number, at=clock.now_us(), **more)


def send(data_dir, workspace, *arrivals, **more):
    put(data_dir, workspace, *arrivals, **more)
    drain()


def upgrade(settings, wired):
    """A process of the next version, which wires these reactions."""
    settings.ON_EVENT = wired
    close_drain(settings.DATA_DIR)
    drain()


def fill():
    while on_tick.fill_reactions():
        pass


def test_a_module_that_is_renamed_goes_on_where_it_was(workspace, data_dir, settings):
    send(data_dir, workspace, live(1))
    upgrade(settings, [("react", "fullfunnel.events.tests.reaction_of_all.react", "now")])
    send(data_dir, workspace, live(2))
    assert stream.told == [(["id-1"], True), (["id-2"], True)]
    assert list(Cursor.objects.values_list("reaction", flat=True)) == ["react"]


def test_a_new_reaction_is_told_of_what_comes_from_now_on(workspace, data_dir, settings):
    send(data_dir, workspace, live(1, name="deal_won"))
    stream.told.clear()
    upgrade(settings, [("deals", OF_DEALS, "now")])
    fill()
    send(data_dir, workspace, live(2, name="deal_won"))
    assert stream.told == [(["id-2"], True)]


def test_a_new_reaction_may_read_the_past_of_the_names_it_lists_and_then_goes_on(workspace, data_dir, settings):
    for number in range(3):
        send(data_dir, workspace, live(f"a{number}", name="deal_won"), live(f"b{number}"))
    stream.told.clear()
    upgrade(settings, [("deals", OF_DEALS, "beginning")])
    # What comes meanwhile waits, so that everything is told in its order.
    send(data_dir, workspace, live("c", name="deal_won"), live("d"))
    assert stream.told == []
    fill()
    send(data_dir, workspace, live("e", name="deal_won"))
    past = [(["id-a0"], False), (["id-a1"], False), (["id-a2"], False)]
    assert stream.told == [*past, (["id-c"], True), (["id-e"], True)]
    newest = Batch.objects.latest("pk").pk
    assert Cursor.objects.values_list("batch", "fills_to").get() == (newest, None)


def test_reading_the_past_takes_a_portion_at_a_time_and_goes_on_after_a_failure(
    workspace, data_dir, settings, monkeypatch
):
    monkeypatch.setattr(filling, "PORTION", 2)
    send(data_dir, workspace, *(live(number, name="deal_won") for number in range(5)))
    stream.told.clear()
    upgrade(settings, [("deals", OF_DEALS, "beginning")])
    assert on_tick.fill_reactions() is True
    stream.is_failing = True
    assert on_tick.fill_reactions() is False
    stream.is_failing = False
    assert on_tick.fill_reactions() is False
    with clock.frozen(clock.from_us(clock.now_us() + 10_000_000)):
        fill()
    assert stream.told == [(["id-0", "id-1"], False), (["id-2", "id-3"], False), (["id-4"], False)]


def test_the_first_reactions_of_a_new_directory_have_nothing_to_read(workspace, data_dir, settings):
    settings.ON_EVENT = [("deals", OF_DEALS, "beginning")]
    send(data_dir, workspace, live(1, name="deal_won"))
    assert stream.told == [(["id-1"], True)]


def test_what_is_late_imported_or_told_as_history_is_not_live(workspace, data_dir):
    file = Source.objects.create(workspace=workspace, name="File", kind="file")
    now = clock.now_us()
    put(data_dir, workspace, live("file"), source_id=file.pk)
    late, recent = arrival("late", at=now - DAY - 60_000_000), arrival("recent", at=now - DAY + 60_000_000)
    send(data_dir, workspace, live("live"), late, recent, live("history", properties={"is_history": "true"}))
    assert stream.told == [(["id-file", "id-late", "id-history"], False), (["id-live", "id-recent"], True)]


def test_a_large_batch_is_told_in_portions_and_a_kill_repeats_none_but_the_last(workspace, data_dir, monkeypatch):
    monkeypatch.setattr(telling, "PORTION", 2)

    def killed(name):
        if name == "portion-told" and len(stream.told) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(telling, "reached", killed)
    put(data_dir, workspace, *(live(number) for number in range(5)))
    with pytest.raises(KeyboardInterrupt):
        drain()
    cursor, batch = Cursor.objects.get(), Batch.objects.get()
    assert (cursor.batch, cursor.seq) == (0, end_of(batch.pk - 1) + 4)
    monkeypatch.undo()
    drain()
    assert [ids for ids, _ in stream.told] == [["id-0", "id-1"], ["id-2", "id-3"], ["id-4"]]
    assert Cursor.objects.get().batch == batch.pk


def test_batches_are_kept_for_a_reaction_that_waits_and_go_with_one_that_is_wired_no_more(
    workspace, data_dir, settings
):
    settings.ON_EVENT = [("react", HERE + "react", "now"), ("deals", OF_DEALS, "now")]
    for number in range(4):
        stream.is_failing = number > 1
        send(data_dir, workspace, live(number))
    first = Batch.objects.earliest("pk").pk
    with clock.frozen(clock.from_us(clock.now_us() + 2 * DAY)):
        on_tick.forget_journal()
        assert list(Batch.objects.order_by("pk").values_list("pk", flat=True)) == [first + 2, first + 3]
        upgrade(settings, [("deals", OF_DEALS, "now"), ("new", HERE + "react", "now")])
        on_tick.forget_journal()
    assert list(Batch.objects.values_list("pk", flat=True)) == [first + 3]
    assert set(Cursor.objects.values_list("reaction", "batch")) == {("deals", first + 3), ("new", first + 3)}


def test_reactions_have_names_of_their_own_and_the_catalogue_knows_its_cursor():
    names = [name for name, _, _ in wiring.ON_EVENT]
    assert len(names) == len(set(names))
    assert [reaction.name for reaction in reactions() if reaction.on_events is catalogue.on_events] == [
        catalogue.REACTION
    ]


def test_a_reaction_that_reads_the_past_must_say_which_events_it_wants(settings):
    settings.ON_EVENT = [("react", HERE + "react", "beginning")]
    with pytest.raises(ValueError, match="the reaction react begins now, or at the beginning with NAMES in its module"):
        reactions()
