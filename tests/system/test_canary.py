# SPDX-License-Identifier: GPL-3.0-or-later
"""Passwords that were put on trial: a worker that says all it can say goes by proxies that take a login, that do not, and to a server that
asks for one. Then every reply of every method, every file, every argument and environment, and what a package sees, is searched for them."""
import base64
import json
import os
import re
import subprocess
import tarfile
import time
from pathlib import Path

import pytest
from couriertest import COURIER
from lab import make_package, seal
from machine import Varlink
from peers import make_proxy

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

CTL = os.environ.get("OCSCTL", "ocsctl")
INTERFACE = Path(__file__).resolve().parent.parent.parent / "ipc/org.ocscompanion.Worker.varlink"
BOARD = Path(__file__).resolve().parent.parent / "machines/arm-board"
USER, PASSWORD, SERVER_PASSWORD = "pr0xy-us3r", "c4nary-pr0xy", "c4nary-s3rver"
FORMS = [form for secret in (PASSWORD, SERVER_PASSWORD)
         for text in (secret.encode(),) for form in (text, secret.encode("utf-16-le"), base64.b64encode(text), text.hex().encode(),
                                                     base64.b64encode(USER.encode() + b":" + text)[8:])]
ID = "1700009001"
# Every method that tells something, and how it is asked; a new one belongs here or below.
TELLING = {"GetStatus": {}, "ListPackages": {}, "GetPackage": {"id": ID, "output": True}, "GetProxy": {}, "GetHistory": {}, "GetTraffic": {},
           "GetPolicy": {}, "GetSettings": {"all": True},
           "Configure": {"values": [{"key": "ProxyPwd", "value": PASSWORD}, {"key": "Pwd", "value": SERVER_PASSWORD}], "check": True},
           "Import": {"text": f"[HTTP]\nProxyUser={USER}\nProxyPwd={PASSWORD}\nPwd={SERVER_PASSWORD}\n", "kind": "ini", "check": True}}
STREAMING = {"TestProxy": {}, "ShowInventory": {}, "GetLog": {"lines": 10000}}
ENDLESS = {"Watch": {}}
DOING = {"Contact", "SendInventory", "Answer", "SetTag", "DropPackage"}


def search(what, data):
    for form in FORMS:
        assert form not in data, f"{form!r} in {what}"


def asked(machine, method, parameters, whole=True):
    """The reply, or all of them, also where it is an error."""
    replies = []
    with Varlink(machine.runtime / "worker.sock", 60) as link:
        link.send(f"org.ocscompanion.Worker.{method}", parameters, more=whole is not None)
        while True:
            reply = link.receive_whole()
            replies.append(reply)
            if not whole or not reply.get("continues"):
                return json.dumps(replies).encode()


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def listen(machine, folder, phase):
    """All that can be heard of it now."""
    for method, parameters in TELLING.items():
        search(f"{method}, {phase}", asked(machine, method, parameters, None))
    for method, parameters in STREAMING.items():
        search(f"{method}, {phase}", asked(machine, method, parameters))
    search(f"Watch, {phase}", asked(machine, "Watch", {}, False))
    for command in (["status"], ["--json", "status"], ["proxy"], ["proxy", "test"], ["packages", ID], ["log"], ["report", str(folder / f"{phase}.tar.gz")]):
        done = subprocess.run([CTL, f"--socket={machine.runtime}/worker.sock", *command], stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              check=False)
        search(f"ocsctl {command}, {phase}", done.stdout + done.stderr)
    with tarfile.open(folder / f"{phase}.tar.gz") as report:
        for member in report.getmembers():
            if member.isfile():
                search(f"{member.name} of the report, {phase}", report.extractfile(member).read())
    for process in [machine.process.pid, *children(machine.process.pid)]:
        for name in ("cmdline", "environ"):
            search(f"{name} of {process}, {phase}", Path(f"/proc/{process}/{name}").read_bytes())


def test_no_method_is_forgotten():
    methods = set(re.findall(r"^method (\w+)", INTERFACE.read_text(), re.M))
    assert methods == {*TELLING, *STREAMING, *ENDLESS, *DOING}


def test_nothing_tells_a_password(machine, server, tmp_path):
    basic, digest = make_proxy(login=(USER, PASSWORD)), make_proxy(login=(USER, PASSWORD), digest=True)
    deaf = make_proxy(login=(USER, "another"))
    machine.environment |= {"G_MESSAGES_DEBUG": "all", "OCS_INVENTORY_ROOT": str(BOARD)}
    seals = {"ProxyAuthRequired": 1, "ProxyUser": seal(USER), "ProxyPwd": seal(PASSWORD), "AuthRequired": 1, "User": seal(USER),
             "Pwd": seal(SERVER_PASSWORD)}

    def go_by(proxy):
        machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": 1, "Proxy": "127.0.0.1", "ProxyPort": proxy.port, **seals},
                    OCS_Inventory_Agent={"Debug": 2}, OCS_Companion={"ConnectTimeout": 3, "StallTimeout": 10})

    go_by(basic)
    with machine.start():
        assert machine.send_inventory()[1]["kind"] == "sent", machine.said()
        server.add_package(make_package(tmp_path / "package", ID, {"a": b"x" * 5000}, frags=2, mtime=time.time() - 172800,
                                        command="env; tr '\\0' '\\n' </proc/$PPID/environ; tr '\\0' ' ' </proc/$PPID/cmdline; set"))
        machine.outcome(machine.call("Contact")["serial"])
        machine.wait_result(ID)
        assert server.result(ID) == "SUCCESS", machine.said()
        listen(machine, tmp_path, "basic")
        go_by(digest)
        assert machine.outcome(machine.call("Contact")["serial"])["kind"] == "contacted", machine.said()
        listen(machine, tmp_path, "digest")
        go_by(deaf)
        assert machine.outcome(machine.call("Contact")["serial"])["reason"]["code"] == "proxy-auth"
        listen(machine, tmp_path, "wrong")
        go_by(basic)
        server.rule("/ocsinventory", status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})
        assert machine.outcome(machine.call("Contact")["serial"])["reason"]["code"] == "server-auth"
        listen(machine, tmp_path, "server")
    # They were really there to be told.
    heard = [base64.b64encode(f"{USER}:{secret}".encode()).decode() for secret in (PASSWORD, SERVER_PASSWORD)]
    said = str(basic.log)
    assert all(form in said for form in heard) and "ocs-transfer" in machine.said() and f"{USER}" in str(digest.log)
    files = [path for path in machine.folder.rglob("*") if path.is_file()]
    assert {"output", "schedule.json", "ocsinventory.ini", "worker.log"} <= {path.name for path in files}
    for path in files:
        search(path, path.read_bytes())
