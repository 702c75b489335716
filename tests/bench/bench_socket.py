# SPDX-License-Identifier: GPL-3.0-or-later
"""The worker's socket: how fast GetStatus is answered, and what callers and watchers cost the worker in memory. The client's part is in the
times, so there is a floor: the same client and an echo of as many bytes. The worker's own CPU time per call says most."""
import json
import os
import socket
import statistics
import subprocess
import sys
import time

import bench
from lab import TestServer, make_package, wait_for
from machine import INTERFACE, Machine

CALLS = 10000
ROUNDS = 5
WATCHERS = 64
STATUS_CALL = json.dumps({"method": f"{INTERFACE}.GetStatus", "parameters": {}}).encode() + b"\0"
WATCH_CALL = json.dumps({"method": f"{INTERFACE}.Watch", "parameters": {}, "more": True}).encode() + b"\0"

ECHO = """
import socket, sys
listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen()
reply = b" " * (int(sys.argv[2]) - 1) + b"\\0"
peer, _ = listener.accept()
while peer.recv(65536):
    peer.sendall(reply)
"""


def connect(path):
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(20)
    link.connect(str(path))
    return link


def receive(link):
    data = link.recv(65536)
    while data[-1:] != b"\0":
        more = link.recv(65536)
        if not data or not more:
            raise ConnectionError("the worker closed the connection")
        data += more
    return data


def call_many(link, count):
    """Seconds of each of so many calls, one after the other."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        link.sendall(STATUS_CALL)
        receive(link)
        taken.append(time.perf_counter() - began)
    return taken


def cpu_seconds(pid):
    """To a millionth, of all its threads (schedstat is per thread)."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in bench.Path(f"/proc/{pid}/task").iterdir()) / 1e9


def memory(pid):
    """(kB of its own, kB in all)."""
    fields = dict(line.split(":", 1) for line in bench.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(fields["RssAnon"].split()[0]), int(fields["VmRSS"].split()[0])


def measured(link, pid):
    rates, latencies, cpu = [], [], []
    call_many(link, CALLS // 10)
    for _ in range(ROUNDS):
        before = cpu_seconds(pid)
        taken = call_many(link, CALLS // ROUNDS)
        cpu.append((cpu_seconds(pid) - before) / len(taken) * 1e6)
        rates.append(len(taken) / sum(taken))
        latencies += taken
    latencies.sort()
    return [bench.spread(rates, 0), f"{statistics.median(latencies) * 1e6:.0f}", f"{latencies[len(latencies) * 99 // 100] * 1e6:.0f}",
            bench.spread(cpu, 1)]


def echo(folder, size):
    path = folder / "echo.sock"
    process = subprocess.Popen([sys.executable, "-c", ECHO, str(path), str(size)])
    try:
        wait_for(path.exists, what="the echo")
        time.sleep(0.1)
        with connect(path) as link:
            return measured(link, process.pid)
    finally:
        process.kill()
        process.wait()


def benchmark(folder):
    with TestServer(folder / "server") as server:
        machine = Machine(folder / "machine", Server=server.url, CaBundle=server.ca)
        if machine.once() != 0:
            raise RuntimeError(machine.said())
        for i in range(5):
            server.add_package(make_package(folder / "packages", 1700000001 + i, command="true"))
        with machine.start():
            machine.outcome(machine.call("Contact")["serial"])
            wait_for(lambda: [p["step"] for p in machine.status()["packages"]] == ["gone"] * 5, 20, "the end of five packages")
            measure_worker(machine, folder)


def measure_worker(machine, folder):
    pid, path = machine.process.pid, machine.runtime / "worker.sock"
    memories = [("idle, after one contact", memory(pid))]
    with connect(path) as link:
        link.sendall(STATUS_CALL)
        size = len(receive(link))
        row = measured(link, pid)
    memories.append((f"after {CALLS + CALLS // 10} calls", memory(pid)))
    print(f"Socket: GetStatus, {size} bytes with five packages, {ROUNDS} rounds of {CALLS // ROUNDS} calls on one connection")
    bench.print_rows([["", "calls/s", "median µs", "99 % µs", "CPU µs a call"], ["worker", *row],
                      ["floor: a Python echo", *echo(folder, size)]])
    watchers = [connect(path) for _ in range(WATCHERS)]
    for watcher in watchers:
        watcher.sendall(WATCH_CALL)
    for watcher in watchers:
        receive(watcher)
    memories.append((f"with {WATCHERS} watchers", memory(pid)))
    began = cpu_seconds(pid)
    # A place for the call: a user has 64.
    watchers.pop().close()
    time.sleep(0.1)
    machine.call("Contact")
    time.sleep(2)
    spent = cpu_seconds(pid) - began
    told = [len(watcher.recv(1 << 20)) for watcher in watchers]
    memories.append((f"{WATCHERS} watchers, after a contact", memory(pid)))
    for watcher in watchers:
        watcher.close()
    wait_for(lambda: len(os.listdir(f"/proc/{pid}/fd")) < 32, what="the end of the watchers")
    memories.append(("when they are gone", memory(pid)))
    bench.print_rows([["memory", "own kB", "resident kB"], *([name, str(own), str(all_)] for name, (own, all_) in memories)])
    print(f"  a contact told to {len(told)} watchers ({min(told)}..{max(told)} bytes each) costs the worker {spent * 1000:.0f} ms of CPU")


bench.main(benchmark)
