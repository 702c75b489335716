# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash sweep, short: a few moments of each kind, another set in each seed. sweep.py --long tries them all."""
import os
import random

from lab import TestServer
from rig import Rig
from sweep import Sweep


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
