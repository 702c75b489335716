# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lab"))
os.environ.setdefault("OCS_MAKE_CA", str(Path(__file__).resolve().parent.parent / "lab/make-ca.sh"))

import pytest  # noqa: E402
from lab import TestServer, make_ca  # noqa: E402
from machine import Machine  # noqa: E402


def pytest_configure(config):
    """A folder of its own: pytest's usual one is shut (0700) again by each run that starts beside, also for those who were let in."""
    if config.option.basetemp is None:
        config.option.basetemp = tempfile.mkdtemp(prefix="ocs-test.")
        config.ocs_basetemp = config.option.basetemp


def pytest_unconfigure(config):
    shutil.rmtree(getattr(config, "ocs_basetemp", ""), ignore_errors=True)


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    return make_ca(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(tmp_path, tls):
    with TestServer(tmp_path / "server", ca=tls) as running:
        yield running


@pytest.fixture
def machine(tmp_path, server):
    with Machine(tmp_path / "machine", Server=server.url, CaBundle=server.ca) as made:
        yield made


@pytest.fixture
def whole(tmp_path):
    made = []

    def make(**sections):
        machine = Machine(tmp_path / f"machine-{len(made)}")
        machine.ini(**sections)
        made.append(machine)
        return machine
    yield make
    for machine in made:
        machine.stop(signal.SIGKILL)
