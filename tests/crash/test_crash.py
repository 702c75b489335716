# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash sweep, short: a few moments of each kind, another set in each seed. sweep.py --long tries them all."""
import os
import random

from lab import TestServer, wait_for
from rig import Rig
from sweep import Sweep

from machine import INTERFACE, Varlink  # after rig, which knows where it is


def test_sweep(tmp_path, capsys):
    seed = int(os.environ.get("OCS_CRASH_SEED", "20261122"))
    random.seed(seed)
    with TestServer(tmp_path / "server") as server, capsys.disabled():
        print(f"\n  seed {seed}")
        sweep = Sweep(Rig(server, tmp_path / "rig"), random.Random(seed), lambda text: print("  " + text))
        sweep.operations(1)
        sweep.moments(5)
        assert sweep.end() == 29
        assert not sweep.wrong


def test_hundreds_offered_at_once(tmp_path):
    """Each is journalled, on a disk that is slow: people are answered in between."""
    most, counts = 120, set()
    with TestServer(tmp_path / "server") as server:
        rig = Rig(server, tmp_path / "rig")
        for _ in range(most):
            rig.offer()
        rig.machine.environment = rig.suffering("ocs-worker", slow=5000)
        with rig.machine.start() as machine, Varlink(machine.runtime / "worker.sock") as link:

            def count():
                counts.add(len(link.call(f"{INTERFACE}.GetStatus")["status"]["packages"]))
                return most in counts

            link.call(f"{INTERFACE}.Contact")
            wait_for(count, 60, "all offers to be taken")
    assert len(counts) > 3, f"nobody was answered while offers were taken: {counts}"
