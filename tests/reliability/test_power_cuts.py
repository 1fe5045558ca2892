"""R2: a power cut loses nothing that was acknowledged (quick: 15 cuts, and a control without fsync that must lose).

The data stands on ext4 in a file. A cut copies that file while the server is stopped: it holds exactly what reached the "device";
what was only in the page cache is not in it. The server goes on from the copy, as after a power cut.
"""

import os
import random
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.kit import needs
from tests.kit.server import Server, until
from tests.reliability.clients import Client, stored, wait_until_drained

CUTS = 15
UNSAFE = Path(__file__).with_name("unsafe")
pytestmark = [pytest.mark.serves, pytest.mark.root, pytest.mark.deep]


class Disk:
    """An ext4 image and its mount point."""

    def __init__(self, directory: Path) -> None:
        self.image, self.mount_point = directory / "disk.img", directory / "disk"
        self.mount_point.mkdir()
        with self.image.open("wb") as file:
            file.truncate(512 * 1024 * 1024)
        run("mkfs.ext4", "-q", "-E", "lazy_itable_init=1,lazy_journal_init=1", str(self.image))
        self.mount()

    def mount(self) -> None:
        # commit=120: nothing reaches the device because time went by.
        done = subprocess.run(
            ["mount", "-o", "loop,commit=120", str(self.image), str(self.mount_point)], capture_output=True, text=True
        )
        if done.returncode:
            needs.absent(f"no disk image can be mounted here: {done.stderr.strip()}")

    def cut(self, server: Server) -> None:
        """The power goes: from here on there is only what had reached the device."""
        assert server.process is not None
        tree = [server.process.pid, *server.pids()]
        for pid in tree:
            os.kill(pid, signal.SIGSTOP)
        copy = self.image.with_suffix(".copy")
        run("cp", "--sparse=always", str(self.image), str(copy))
        server.kill()
        self.unmount()
        copy.replace(self.image)
        self.mount()

    def unmount(self) -> None:
        for _ in range(100):
            if subprocess.run(["umount", str(self.mount_point)], capture_output=True).returncode == 0:
                return
            time.sleep(0.05)
        subprocess.run(["umount", "-l", str(self.mount_point)], check=False)


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def cuts(directory: Path, number: int, **environment: str) -> tuple[int, int, int]:
    """(acknowledged, lost, doubled) after so many power cuts under load."""
    for program in ("mkfs.ext4", "mount", "umount"):
        needs.program(program)
    chance = random.Random(int(os.environ.get("FULLFUNNEL_SEED", "7")))
    disk = Disk(directory)
    server = Server(disk.mount_point / "data", **environment)
    server.log = directory / "server.log"
    stop = threading.Event()
    clients: list[Client] = []
    try:
        key = server.create_workspace()["write_key"]
        run("sync", "-f", str(disk.mount_point))
        clients = [Client(server.port, key, f"client{n}", stop) for n in range(4)]
        for client in clients:
            client.start()
        for _ in range(number):
            before = [len(client.acknowledged) for client in clients]
            server.start()
            until(lambda: all(len(c.acknowledged) > old for c, old in zip(clients, before, strict=True)))  # noqa: B023
            time.sleep(chance.uniform(0.1, 1.0))
            disk.cut(server)
        server.start()
        stop.set()
        for client in clients:
            client.join(30)
        wait_until_drained(server.directory)
        held = stored(server.directory)
        acknowledged = {event_id for client in clients for event_id in client.acknowledged}
        return len(acknowledged), len(acknowledged - held.keys()), sum(count > 1 for count in held.values())
    finally:
        stop.set()
        if server.process is not None and server.process.poll() is None:
            server.kill()
        disk.unmount()
        shutil.rmtree(disk.mount_point, ignore_errors=True)


def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path):
    acknowledged, lost, doubled = cuts(tmp_path, CUTS)
    print(f"R2 quick: {CUTS} cuts, {acknowledged} acknowledged, {lost} lost, {doubled} doubled")
    assert acknowledged > 500
    assert (lost, doubled) == (0, 0)


def test_without_fsync_the_same_cuts_do_lose(tmp_path):
    """The control: proves that a cut here really takes away what was not synced."""
    acknowledged, lost, _ = cuts(tmp_path, 2, PYTHONPATH=str(UNSAFE))
    print(f"R2 control: {lost} of {acknowledged} lost without fsync")
    assert lost > 0
