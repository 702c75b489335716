# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that does as it is told: Varlink over a Unix socket (JSON, each message ended by one NUL byte), for tests of the tray and ocsctl.

It keeps one status, streams it to watchers at each change, and writes down the calls. It decides nothing.
Run as a program it serves one status from a file, for screenshots: fake_worker.py SOCKET STATUS.json
"""
import copy
import json
import os
import socket
import sys
import threading
import time

INTERFACE = "org.ocscompanion.Worker"


def status(**changes):
    now = int(time.time())
    value = {
        "state": "well", "version": "0.1.0", "started": now - 7200, "last_contact": now - 3600, "last_success": now - 3600,
        "last_inventory": now - 3600, "next_contact": now + 3 * 3600, "server": "https://ocs.example.org/ocsinventory",
        "deviceid": "host-2026-01-02-03-04-05", "insecure": False, "warnings": [],
        "proxy": {"kind": "http", "host": "cache.example.org", "port": 3128, "authenticated": True, "verdict": "hit",
                  "from_cache": 120000000, "from_wan": 30000000},
        "packages": [], "questions": [],
    }
    value.update(changes)
    return value


def package(ident, step, **changes):
    now = int(time.time())
    value = {"id": ident, "step": step, "action": "EXECUTE", "fragments_done": 0, "fragments_total": 0, "bytes": 0, "from_cache": 0,
             "from_wan": 0, "since": now - 600, "updated": now - 60}
    value.update(changes)
    return value


def question(kind="install", ident="7", **changes):
    now = int(time.time())
    value = {"id": ident, "serial": 3, "kind": kind, "asked": now, "countdown": 300, "remaining": 300, "counted": now, "counting": True, "paused": False,
             "may_pause": True, "may_delay": True, "delays_left": 4, "deadline": now + 30 * 86400, "may_cancel": True, "settled_until": 0,
             "text": "<b>Firefox</b> is updated.<script>x</script><ul><li>two minutes</ul><a href='https://help.example.org/'>more</a>"}
    value.update(changes)
    return value


class FakeWorker:
    def __init__(self, path):
        self.path = str(path)
        self.value = status()
        self.calls = []
        self.errors = {}  # method -> (error name, message)
        self.silent = set()  # methods that are never answered
        self.how = "started"
        self.serial = 7
        self.on_send = None
        self.garbage = None  # bytes sent instead of any reply
        self.history = []  # what GetHistory gives: outcome()s, the newest last
        self.policy = {"show": "seat", "quit": True, "show_inventory": True}
        self.days = []  # what GetTraffic gives
        self.steps = []  # what TestProxy streams, step_delay seconds apart
        self.step_delay = 0
        self.tested = []  # the parameters of each TestProxy
        self.tags = []  # the parameters of each SetTag
        self.answers = []  # the parameters of each Answer
        self.inventory = []  # what ShowInventory streams: parameters of each reply but the last, which is empty
        self.xml = []  # the same where xml is asked for: pieces of text
        self.dies_after = None  # goes away after so many replies of a stream
        self.changed = threading.Condition()
        self.generation = 0
        self.connections = []
        self.listener = None

    def start(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(self.path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()
        return self

    def stop(self):
        """As a killed worker: the socket file stays, nobody answers."""
        listener, self.listener = self.listener, None
        if listener:
            try:
                listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self.changed:
            self.changed.notify_all()

    def set(self, **changes):
        with self.changed:
            self.value = status(**changes)
            self.generation += 1
            self.changed.notify_all()

    def update(self, **changes):
        with self.changed:
            self.value.update(changes)
            self.generation += 1
            self.changed.notify_all()

    def called(self, method):
        return sum(1 for call in self.calls if call == method)

    def accept(self, listener):
        while self.listener is listener:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        buffer = b""
        try:
            while True:
                while b"\0" not in buffer:
                    more = connection.recv(65536)
                    if not more:
                        return
                    buffer += more
                message, buffer = buffer.split(b"\0", 1)
                self.answer(connection, json.loads(message))
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    @staticmethod
    def send(connection, reply):
        connection.sendall(json.dumps(reply).encode() + b"\0")

    def answer(self, connection, call):
        method = call["method"].removeprefix(INTERFACE + ".")
        self.calls.append(method)
        if self.garbage is not None:
            connection.sendall(self.garbage)
        elif method in self.silent:
            pass
        elif method in self.errors:
            name, message = self.errors[method]
            self.send(connection, {"error": f"{INTERFACE}.{name}", "parameters": {"message": message}})
        elif method == "Watch":
            self.watch(connection, call)
        elif method == "TestProxy":
            self.tested.append(call.get("parameters", {}))
            self.test_proxy(connection)
        elif method == "ShowInventory":
            self.show_inventory(connection, call)
        else:
            self.send(connection, self.reply(method, call.get("parameters", {})))

    def reply(self, method, parameters):
        if method == "GetStatus":
            return {"parameters": {"status": self.value}}
        if method == "ListPackages":
            return {"parameters": {"packages": self.value["packages"]}}
        if method == "GetProxy":
            return {"parameters": {"proxy": self.value["proxy"]}}
        if method == "GetPackage":
            for each in self.value["packages"]:
                if each["id"] == parameters.get("id"):
                    return {"parameters": {"package": each}}
            return {"error": f"{INTERFACE}.NotFound", "parameters": {"message": f"there is no package {parameters.get('id')}"}}
        if method == "GetHistory":
            return {"parameters": {"contacts": self.history}}
        if method == "GetPolicy":
            return {"parameters": self.policy}
        if method == "Answer":
            self.answers.append(parameters)
            return {"parameters": {}}
        if method == "GetTraffic":
            return {"parameters": {"days": self.days}}
        if method == "SetTag":
            self.tags.append(parameters)
            return {"parameters": {}}
        if method in ("Contact", "SendInventory"):
            if self.on_send:
                threading.Thread(target=self.on_send, args=(self,), daemon=True).start()
            how = {"how": self.how} if method == "SendInventory" else {}
            return {"parameters": {"serial": self.serial, **how}}
        return {"error": "org.varlink.service.MethodNotFound", "parameters": {"method": f"{INTERFACE}.{method}"}}

    def watch(self, connection, call):
        if not call.get("more"):
            self.send(connection, {"error": "org.varlink.service.ExpectedMore"})
            return
        seen = -1
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.generation != seen or self.listener is None)
                if self.listener is None:
                    raise OSError("stopped")
                seen, value = self.generation, copy.deepcopy(self.value)
            self.send(connection, {"continues": True, "parameters": {"status": value}})

    def test_proxy(self, connection):
        for step in self.steps:
            time.sleep(self.step_delay)
            self.send(connection, {"continues": True, "parameters": {"step": step}})
        self.send(connection, {"parameters": {}})

    def show_inventory(self, connection, call):
        if not call.get("more"):
            self.send(connection, {"error": "org.varlink.service.ExpectedMore"})
            return
        pieces = [{"text": text} for text in self.xml] if call.get("parameters", {}).get("xml") else self.inventory
        for number, piece in enumerate(pieces):
            if number == self.dies_after:
                self.stop()
                return
            self.send(connection, {"continues": True, "parameters": piece})
        self.send(connection, {"parameters": {}})


def outcome(kind, serial=7, **changes):
    return {"serial": serial, "time": int(time.time()), "kind": kind, **changes}


def reason(code, message):
    return {"code": code, "message": message}


def main():
    worker = FakeWorker(sys.argv[1]).start()
    with open(sys.argv[2], encoding="utf-8") as file:
        worker.set(**json.load(file))
    threading.Event().wait()


if __name__ == "__main__":
    main()
