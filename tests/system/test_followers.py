# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines behind a cache that does not say what it holds (a real nginx): the first begins at once, whoever comes later keeps off the line."""
import json
import os
import shutil

import pytest
from lab import Lab, TestServer, make_archive, make_package, wait_for
from machine import Machine

ID = "1700000001"
FRAGMENTS = 8

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"),
                                reason="needs root and nginx: tests/install.sh lab")


@pytest.fixture
def site(tmp_path, tls):
    # nginx's user must reach its folder.
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_uid == os.geteuid() and parent != parent.parent and str(parent) != "/tmp":
            parent.chmod(parent.stat().st_mode | 0o011)
    with TestServer(tmp_path / "server", ca=tls) as server, Lab(tmp_path / "lab", "--cache=nginx") as lab:
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        package = make_package(tmp_path / "packages", ID, archive=make_archive({"x": os.urandom(90_000)}), frags=FRAGMENTS, command="true")

        def machine(name):
            made = Machine(tmp_path / name)
            # nginx knows no tunnel: what is https goes around it.
            made.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": lab["NGINX_PORT"]},
                     OCS_Companion={"DEVICEID": f"{name}-2026-11-22-10-00-00", "ProxyBypass": f"127.0.0.1:{server.tls_port}"})
            assert made.once() == 0, made.said()
            return made
        made = machine("first"), machine("second")
        server.add_package(package)
        yield server, tmp_path / "lab/nginx/access.log", *made


def test_first_and_second(site):
    server, through, first, second = site
    assert first.once() == 0, first.said()
    assert "nobody at this site has begun" in first.said()
    assert server.result(ID, first.identity()) == "SUCCESS"
    fragments = f"GET http://127.0.0.1:{server.port}/download/{ID}/{ID}-"
    asked = through.read_text().count(fragments)
    assert asked == FRAGMENTS
    with second.start():
        wait_for(lambda: "others at this site have begun" in second.said(), 30, "that the second sees the first")
        journal = json.loads((second.state / "packages" / ID / "state.json").read_text())
        assert journal["step"] == "fetching"
        assert second.package(ID)["step"] == "fetching"
    assert through.read_text().count(fragments) == asked, "the second keeps off the line"
