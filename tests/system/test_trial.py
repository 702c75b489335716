# SPDX-License-Identifier: GPL-3.0-or-later
"""TestProxy of a set-up that is not saved: what an administrator has typed in the assistant or in the settings."""
import os

import pytest
from lab import wait_for
from machine import Varlink, VarlinkError

NAMES = ["resolve", "connect", "login", "tunnel", "server", "fetch", "again", "cache", "clock"]


def steps(machine, **parameters):
    with Varlink(machine.runtime / "worker.sock", timeout=60) as link:
        link.send("org.ocscompanion.Worker.TestProxy", parameters, more=True)
        seen = {}
        while len(seen) < len(NAMES):
            step = link.receive()["step"]
            seen[step["name"]] = step
        assert list(seen) == NAMES
        return seen


def refusal(machine, **parameters):
    with Varlink(machine.runtime / "worker.sock") as link:
        link.send("org.ocscompanion.Worker.TestProxy", parameters, more=True)
        with pytest.raises(VarlinkError) as refused:
            link.receive()
        return refused.value


def values(**keys):
    return [{"key": key, "value": str(value)} for key, value in keys.items()]


def test_before_anything_is_set(machine, server):
    machine.config.unlink()
    with machine.start():
        machine.wait_state("problem")
        assert refusal(machine).name == "NotConfigured"
        assert refusal(machine, values=[]).name == "NotConfigured"
        good = steps(machine, values=values(Server=server.url, CaBundle=server.ca))
        assert good["server"]["result"] == "ok", good
        secure = steps(machine, values=values(Server=server.tls_url, CaBundle=server.ca))
        assert secure["server"]["result"] == "ok", secure
        bad = steps(machine, values=values(Server="http://127.0.0.1:1/ocsinventory"))
        assert bad["connect"]["result"] == "failed" and bad["server"]["result"] == "skipped", bad
        assert "127.0.0.1" in bad["connect"]["reason"]["message"]
        assert not machine.config.exists() and machine.status()["reason"]["code"] == "not-configured"
        assert not (machine.state / "key").exists()


def test_beside_what_is_set(machine, server):
    """The file stays, and so does what the worker does by it."""
    before = machine.config.read_bytes()
    with machine.start():
        assert steps(machine, values=values(Proxy="127.0.0.1", ProxyType=1, ProxyPort=1))["connect"]["result"] == "failed"
        assert steps(machine)["connect"]["result"] == "ok", "the next one is of what is set"
        assert machine.config.read_bytes() == before
        assert machine.send_inventory()[1]["kind"] == "sent"


def test_import_and_then_values(machine, server):
    """A file that is taken over is tried with the logins that nobody is shown; what was typed since goes over it."""
    text = f"[HTTP]\nServer=http://127.0.0.1:1/ocsinventory\nCaBundle={server.ca}\n"
    with machine.start():
        assert steps(machine, text=text, kind="ini")["connect"]["result"] == "failed"
        assert steps(machine, text=text, kind="ini", values=values(Server=server.url))["server"]["result"] == "ok"


@pytest.mark.parametrize("parameters, name", [
    ({"values": [{"key": "ProxyTyp", "value": "1"}]}, "NotFound"), ({"values": [{"value": "1"}]}, "InvalidData"), ({"values": ["x"]}, "InvalidData"),
    ({"values": [{"key": "SSL", "value": "maybe"}]}, "InvalidData"), ({"text": "x", "kind": "registry"}, "InvalidData"), ({"text": "x"}, "InvalidData")])
def test_bad_input(machine, parameters, name):
    with machine.start():
        assert refusal(machine, **parameters).name == name


def test_login_is_kept_nowhere(machine, server):
    canary = "c4nary-pa55word"
    with machine.start():
        seen = steps(machine, values=values(Server=server.url, User="ada", Pwd=canary))
        assert canary not in str(seen)
        wait_for(machine.status, 5, "the worker")
    for folder, _, names in os.walk(machine.folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    assert canary.encode() not in file.read(), path
