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
from lab import Lab, TestServer, make_ca  # noqa: E402
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


@pytest.fixture(scope="module")
def squid_lab(tmp_path_factory):
    """A stock Squid of this module's own."""
    if os.geteuid() != 0 or not shutil.which("squid", path=os.environ["PATH"] + ":/usr/sbin"):
        pytest.skip("needs root and squid: tests/install.sh lab")
    folder = tmp_path_factory.mktemp("squid")
    # Squid's user must reach its folder.
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.geteuid() and parent != parent.parent and str(parent) != "/tmp":
            parent.chmod(parent.stat().st_mode | 0o011)
    with Lab(folder / "lab", "--squid=plain") as running:
        yield running


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
