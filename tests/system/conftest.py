# SPDX-License-Identifier: GPL-3.0-or-later
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lab"))
os.environ.setdefault("OCS_MAKE_CA", str(Path(__file__).resolve().parent.parent / "lab/make-ca.sh"))

import pytest  # noqa: E402
from lab import TestServer, make_ca  # noqa: E402
from machine import Machine  # noqa: E402


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
