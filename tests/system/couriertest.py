# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of ocs-courier share: the worker's side of its socket, by hand, and fixtures of a courier for each role."""
import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import time

import pytest
from peers import Origin, Server, make_ca

COURIER = os.environ.get("OCS_COURIER", "")
AGENT = "OCS-NG_unified_unix_agent_v2.1.0-companion-test"
INTERFACE = "org.ocscompanion.Courier."
USER, PASSWORD = "canary-user", "canary-password"
SECRETS = (USER, PASSWORD, "Y2FuYXJ5", "LXBhc3N3b3Jk")  # in clear, and what Basic makes of them


class VarlinkError(Exception):
    def __init__(self, name, parameters):
        super().__init__(name, parameters)
        self.name = name.rsplit(".", 1)[-1]
        self.message = parameters.get("message", "")


class Varlink:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(30)
        self.socket.connect(str(path))
        self.pending = b""

    def read(self, count):
        while len(self.pending) < count:
            piece = self.socket.recv(1 << 18)
            if not piece:
                raise EOFError
            self.pending += piece
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def read_message(self):
        while b"\0" not in self.pending:
            piece = self.socket.recv(1 << 18)
            if not piece:
                raise EOFError
            self.pending += piece
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, parameters, upgrade=False):
        name = method if "." in method else INTERFACE + method
        call = {"method": name, "parameters": parameters}
        if upgrade:
            call["upgrade"] = True
        self.socket.sendall(json.dumps(call).encode() + b"\0")
        reply = self.read_message()
        if "error" in reply:
            raise VarlinkError(reply["error"], reply.get("parameters", {}))
        return reply.get("parameters", {})

    def send(self, data):
        for at in range(0, len(data), 1 << 18):
            piece = data[at:at + (1 << 18)]
            self.socket.sendall(struct.pack(">I", len(piece)) + piece)

    def send_end(self):
        self.socket.sendall(struct.pack(">I", 0) + b"{}\0")

    def blocks(self):
        while True:
            (length,) = struct.unpack(">I", self.read(4))
            if length == 0:
                return
            assert length <= 1 << 18
            yield self.read(length)

    def read_all(self):
        data = b"".join(self.blocks())
        return data, self.read_message()


def unprivileged(folder, arguments):
    """Arguments and options for subprocess to start a courier by, which refuses to be root. Its user may not be allowed into the build folder, so
    it is started by descriptor; folder becomes its own."""
    if os.geteuid() != 0:
        return arguments, {}
    image = fcntl.fcntl(os.open(arguments[0], os.O_PATH), fcntl.F_DUPFD, 50)
    os.set_inheritable(image, True)
    for parent in folder.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    os.chown(folder, 65534, 65534)
    return [f"/proc/self/fd/{image}", *arguments[1:]], {"user": 65534, "group": 65534, "extra_groups": [], "pass_fds": (image,)}


class Courier:
    def __init__(self, folder, role, inherit=False):
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        # None of this may matter to it.
        environment.update(http_proxy="http://127.0.0.1:9", https_proxy="http://127.0.0.1:9", all_proxy="http://127.0.0.1:9")
        environment["G_DEBUG"] = "fatal-criticals"
        environment["ASAN_OPTIONS"] = "quarantine_size_mb=8:" + os.environ.get("ASAN_OPTIONS", "")
        self.path = folder / f"courier-{role}.sock"
        arguments = [COURIER, f"--role={role}"]
        arguments, options = unprivileged(folder, arguments)
        if inherit:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(self.path))
            listener.listen()
            environment["LISTEN_FDS"] = "1"
            options.pop("pass_fds", None)
            options["close_fds"] = False
            self.process = subprocess.Popen(arguments, env=environment, preexec_fn=lambda: os.dup2(listener.fileno(), 3), **options)
            listener.close()
        else:
            self.process = subprocess.Popen(arguments + [f"--runtime-dir={folder}"], env=environment, **options)
        for _ in range(200):
            try:
                Varlink(self.path).socket.close()
                return
            except OSError:
                assert self.process.poll() is None, "the courier ended at once"
                time.sleep(0.05)
        raise AssertionError("the courier does not listen")

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) * 1024

    def connect(self):
        return Varlink(self.path)

    def call(self, method, **parameters):
        return self.connect().call(method, parameters)

    def exchange(self, route, url, xml=b"<REQUEST/>"):
        wire = self.connect()
        assert wire.call("Exchange", {"route": route, "url": url, "user_agent": AGENT}, upgrade=True) == {}
        wire.send(xml)
        wire.send_end()
        data, trailer = wire.read_all()
        assert data == b""
        return trailer

    def fetch(self, route, url, offset=0, validator=None, refresh=False):
        wire = self.connect()
        head = wire.call("Fetch", {"route": route, "url": url, "user_agent": AGENT, "offset": offset, "validator": validator,
                                   "refresh": refresh}, upgrade=True)
        return (head,) + wire.read_all()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(20) == 0


def route(proxy=None, **more):
    made = {"proxy": {"kind": "none", "host": "", "port": 0}, "verify": True, "system_ca": False, "connect_timeout": 5, "stall_timeout": 20}
    if isinstance(proxy, dict):
        made["proxy"] = proxy
    elif proxy:
        made["proxy"] = {"kind": "http", "host": "127.0.0.1", "port": proxy.port, **proxy.login}
    made.update(more)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("courier")


@pytest.fixture(scope="module")
def control(folder):
    courier = Courier(folder, "control")
    yield courier
    courier.stop()


@pytest.fixture(scope="module")
def bulk(folder):
    courier = Courier(folder, "bulk", inherit=True)
    yield courier
    courier.stop()


@pytest.fixture
def origin():
    server = Server(Origin)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def authority(folder):
    return make_ca(folder, "ours")


def refused(function, *arguments, **named):
    with pytest.raises(VarlinkError) as caught:
        function(*arguments, **named)
    assert "\n" not in caught.value.message
    return caught.value


def describe(courier, way, url):
    return refused(courier.call, "Describe", route=way, url=url, user_agent=AGENT)


def heard_by(*servers):
    return "\n".join(str(entry) for server in servers for entry in server.log)
