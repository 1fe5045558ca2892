"""Bodies larger than those of pages are let in where the wiring says so, and nowhere else."""

from fullfunnel.config.threads import most_bytes


def test_only_the_door_of_the_logo_takes_twenty_megabytes(settings):
    usual = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert most_bytes("/w/halden/settings/look/logo/") == 20 * 1024 * 1024 + 64 * 1024
    for path in ("/w/halden/settings/look/", "/w/halden/settings/look/logo/remove/", "/x/w/halden/settings/look/logo/"):
        assert most_bytes(path) == usual
