from datetime import timedelta

import pytest

from fullfunnel.cli.doctor.stream_examinations import reactions
from fullfunnel.core import clock
from fullfunnel.events.models import Batch, Cursor

pytestmark = pytest.mark.django_db
SPAN = 2**20


@pytest.fixture
def wired(settings):
    """Two reactions, and forty batches that were stored ten minutes ago."""
    settings.ON_EVENT = [("deals", "…", "now"), ("leads", "…", "beginning")]
    Batch.objects.create(
        pk=40, journal_from=1, journal_to=0, state="stored", stored_at=clock.now() - timedelta(minutes=10)
    )


def test_all_is_well_when_each_was_told_or_has_not_begun(wired, data_dir):
    Cursor.objects.create(reaction="deals", batch=40)
    found = reactions(data_dir)
    assert (found.is_well, found.found) == (True, "all have seen what is stored")


def test_one_that_was_not_told_is_named_with_the_batch(wired, data_dir):
    Cursor.objects.create(reaction="deals", batch=36)
    found = reactions(data_dir)
    assert (found.is_well, found.found) == (False, "deals did not handle batch 37")


def test_one_that_reads_the_past_says_how_far_it_is(wired, data_dir):
    Cursor.objects.create(reaction="deals", batch=40)
    Cursor.objects.create(reaction="leads", batch=38, seq=12 * SPAN + 5, fills_to=39 * SPAN - 1)
    found = reactions(data_dir)
    assert (found.is_well, found.found) == (True, "leads reads the past: batch 12 of 38")


def test_one_that_reads_the_past_and_does_not_get_on_is_not_well(wired, data_dir):
    then = clock.from_us(1_767_268_800_000_000)
    Cursor.objects.create(reaction="leads", batch=38, seq=12 * SPAN, fills_to=39 * SPAN - 1, moved_at=then)
    found = reactions(data_dir)
    assert (found.is_well, found.found) == (
        False,
        "leads reads the past: batch 12 of 38; leads has not got on since 2026-01-01 12:00Z",
    )
