import subprocess
import sys
import threading
import time

from fullfunnel.core.lease import Lease


def test_only_one_holds_a_lease(tmp_path):
    first, second = Lease(tmp_path / "a.lock"), Lease(tmp_path / "a.lock")
    assert first.take()
    assert not second.take()
    first.release()
    assert second.take()
    second.release()


def test_many_may_hold_a_shared_lease_and_an_exclusive_one_waits_for_all_of_them(tmp_path):
    readers = [Lease(tmp_path / "a.lock", shared=True) for _ in range(3)]
    assert [reader.take() for reader in readers] == [True, True, True]
    writer = Lease(tmp_path / "a.lock")
    readers[0].release()
    readers[1].release()
    assert not writer.take()
    readers[2].release()
    assert writer.take()
    writer.release()


def test_a_lease_can_be_looked_at_without_taking_it(tmp_path):
    lease = Lease(tmp_path / "a.lock")
    assert not lease.is_held()
    assert not lease.path.exists()
    lease.take()
    assert Lease(lease.path).is_held()
    lease.release()
    assert not Lease(lease.path).is_held()


def test_the_kernel_gives_back_the_lease_of_a_killed_process(tmp_path):
    path = tmp_path / "a.lock"
    program = f"from fullfunnel.core.lease import Lease; from pathlib import Path; import time\n\
lease = Lease(Path({str(path)!r})); assert lease.take(); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        mine = Lease(path)
        assert not mine.take()
        child.kill()
        child.wait()
        deadline = time.monotonic() + 300
        while not mine.take():
            assert time.monotonic() < deadline
            time.sleep(0.01)
        mine.release()


def test_whoever_looks_does_not_keep_another_from_taking_it_soon(tmp_path):
    looking, taking = Lease(tmp_path / "a.lock"), Lease(tmp_path / "a.lock")
    looking.take()
    threading.Timer(0.2, looking.release).start()
    assert taking.take_soon(60)
    assert not Lease(tmp_path / "a.lock").take_soon(0.1)
    taking.release()
