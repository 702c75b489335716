# SPDX-License-Identifier: GPL-3.0-or-later
"""A branch office: namespaces for the site, its proxy and the centre, joined by veth; 20 Mbit/s (tc tbf) and 60 ms (a relay, as netem is
not in every kernel) between proxy and centre. So many agents start in the same second on a cold cache behind one Squid with
collapsed_forwarding off. Printed: bytes at the origin over the size of the package, and when the last machine was done.

    branch.py [--agents=50] [--runs=5] [--fragments=20,1] [--mebibytes=20] [--kill=0] [--cache=squid] [--stall] [--explain]

--stall: somebody has asked for each fragment before all of them and does not read on, which Squid lets everybody wait for. The agents stay
until each has its package, so that what is printed is the recovery.

Root only. It works in namespaces of its own, which go with it. Left out of the time: the first inventory of each machine."""
import argparse
import asyncio
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lab"), str(HERE.parent / "system")]

from lab import TestServer, build_dir, make_ca, make_package, wait_for  # noqa: E402
from machine import INTERFACE, Varlink  # noqa: E402

CENTRE, PROXY_FAR, PROXY_NEAR, SITE = "10.77.0.1", "10.77.0.2", "10.77.1.1", "10.77.1.2"
RATE, DELAY = 20_000_000, 0.060
OURS = ("OCS_BRANCH_INSIDE", "1")


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def make_namespaces():
    """This process is in the centre."""
    run("ip", "link", "set", "lo", "up")
    for name in ("proxy", "site"):
        run("ip", "netns", "add", name)
        run("ip", "-n", name, "link", "set", "lo", "up")
    run("ip", "link", "add", "centre", "type", "veth", "peer", "name", "line", "netns", "proxy")
    run("ip", "-n", "proxy", "link", "add", "near", "type", "veth", "peer", "name", "lan", "netns", "site")
    for prefix, device, address in ((("ip",), "centre", CENTRE), (("ip", "-n", "proxy"), "line", PROXY_FAR),
                                    (("ip", "-n", "proxy"), "near", PROXY_NEAR), (("ip", "-n", "site"), "lan", SITE)):
        run(*prefix, "addr", "add", f"{address}/24", "dev", device)
        run(*prefix, "link", "set", device, "up")
    for prefix, device in ((("tc",), "centre"), (("ip", "netns", "exec", "proxy", "tc"), "line")):
        run(*prefix, "qdisc", "add", "dev", device, "root", "tbf", "rate", f"{RATE}bit", "burst", "64kb", "latency", "400ms")


def open_way():
    """nginx knows no CONNECT: what is https goes around it."""
    run("ip", "netns", "exec", "proxy", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    run("ip", "-n", "site", "route", "add", f"{CENTRE}/32", "via", PROXY_NEAR)
    run("ip", "route", "add", f"{SITE}/32", "via", PROXY_FAR)


class Relay:
    """From the centre's address to the server on its loopback; half of the delay each way."""

    def __init__(self, *ports):
        self.ports = ports
        threading.Thread(target=lambda: asyncio.run(self.main()), daemon=True).start()

    async def main(self):
        for port in self.ports:
            await asyncio.start_server(lambda reader, writer, port=port: self.serve(reader, writer, port), CENTRE, port, backlog=512)
        await asyncio.Event().wait()

    async def serve(self, reader, writer, port):
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(self.copy(reader, far_writer), self.copy(far_reader, writer), return_exceptions=True)

    async def copy(self, reader, writer):
        queue, loop = asyncio.Queue(64), asyncio.get_running_loop()

        async def deliver():
            while True:
                due, data = await queue.get()
                await asyncio.sleep(max(0, due - loop.time()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()
        task = asyncio.ensure_future(deliver())
        try:
            while True:
                data = await reader.read(65536)
                await queue.put((loop.time() + DELAY / 2, data))
                if not data:
                    break
        except OSError:
            await queue.put((0, b""))
        await task


class Agents:
    def __init__(self, server, folder, count, proxy_port, way_around, staying):
        self.server, self.folder, self.count, self.proxy_port, self.way_around = server, folder, count, proxy_port, way_around
        self.staying = staying
        self.worker = os.environ.get("OCS_WORKER") or str(build_dir() / "worker/ocs-worker")
        self.environment = dict(os.environ, OCS_INVENTORY_ROOT=str(HERE.parent / "machines/arm-board"))
        self.environment.pop("G_DEBUG", None)

    def prepare(self):
        """Each has a name of its own and is known to the server."""
        for i in range(self.count):
            home = self.home(i)
            home.mkdir(parents=True)
            bypass = f"ProxyBypass={CENTRE}:{self.server.tls_port}\n" if self.way_around else ""
            (home / "ocsinventory.ini").write_text(
                f"[HTTP]\nServer=http://{CENTRE}:{self.server.port}/ocsinventory\nCaBundle={self.server.ca}\nProxyType=1\nProxy={PROXY_NEAR}\n"
                f"ProxyPort={self.proxy_port}\n[OCS Companion]\n{bypass}DEVICEID=agent{i:03}-2026-11-22-00-00-{i % 60:02}\nKeepFree=0\n{'StallTimeout=20' if self.staying else ''}\n")
            (home / "ocsinventory.ini").chmod(0o600)
        for first in range(0, self.count, 4):
            started = [self.start(i) for i in range(first, min(first + 4, self.count))]
            for process in started:
                process.wait(120)

    def home(self, i):
        return self.folder / f"agent-{i}"

    def start(self, i, *more):
        home = self.home(i)
        with open(home / "log", "ab") as log:
            return subprocess.Popen(["nsenter", "--net=/run/netns/site", self.worker, f"--config={home}/ocsinventory.ini", f"--state-dir={home}/state",
                                     f"--runtime-dir={home}/run", "--spawn-courier", *(more or ["--once"])], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                    env=self.environment)

    def is_contacted(self, i):
        try:
            with Varlink(self.home(i) / "run/worker.sock") as link:
                link.call(f"{INTERFACE}.Contact")
            return True
        except OSError:
            return False

    def recover(self, number, timeout):
        """They stay until each has its package; somebody stalls, and when each was done shows how long that holds the site."""
        begun = time.monotonic()
        running = [self.start(i, "--debug") for i in range(self.count)]
        done = {}

        def is_done():
            for name, device in self.server.devices().items():
                if device.get("results", {}).get(number) == "SUCCESS":
                    done.setdefault(name, time.monotonic() - begun)
            return len(done) == self.count

        try:
            for i in range(self.count):
                wait_for(lambda: self.is_contacted(i), 60, f"agent {i}")
            spread = time.monotonic() - begun
            try:
                wait_for(is_done, timeout, "the end of all")
            except AssertionError:
                print(f"  {len(done)} of {self.count} are done after {timeout} s")
            times = sorted(done.values()) or [0]
            print(f"  recovered: the first after {times[0]:.1f} s, half of them after {times[len(times) // 2]:.1f} s, the last after {times[-1]:.1f} s")
            return times[-1], spread
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)

    def deploy(self, kill, timeout):
        """All in the same second; some are killed on the way and start again. Seconds until the last is done."""
        begun = time.monotonic()
        running = {i: self.start(i) for i in range(self.count)}
        spread = time.monotonic() - begun
        if kill:
            time.sleep(timeout / 40)
            for i in random.sample(range(self.count), kill):
                running[i].send_signal(signal.SIGKILL)
                running[i].wait()
                running[i] = self.start(i)
        for process in running.values():
            process.wait(timeout)
        return time.monotonic() - begun, spread


def start_cache(folder, kind):
    """Its port."""
    environment = {**os.environ, "SQUID_EXTRA": f"http_port {PROXY_NEAR}:3128\ncollapsed_forwarding off\nhttp_access allow all",
                   "CACHE_ADDRESS": PROXY_NEAR}
    part = "--squid=plain" if kind == "squid" else f"--cache={kind}"
    done = subprocess.run(["nsenter", "--net=/run/netns/proxy", HERE.parent / "lab/lab.sh", "start", part, folder], env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    lines = dict(line.split("=", 1) for line in (folder / "env").read_text().splitlines())
    return 3128 if kind == "squid" else int(lines[kind.upper() + "_PORT"])


def stall(proxy_port, urls):
    """Readers at the site that ask first and read no further."""
    reader = ("import socket, sys, time\nkept = []\nfor url in sys.argv[2:]:\n    s = socket.socket()\n"
              "    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)\n"
              f"    s.connect(('{PROXY_NEAR}', int(sys.argv[1])))\n"
              "    s.sendall(f'GET {url} HTTP/1.1\\r\\nHost: centre\\r\\n\\r\\n'.encode())\n    s.recv(1024)\n    kept.append(s)\n"
              "print('all', flush=True)\ntime.sleep(3600)\n")
    process = subprocess.Popen(["nsenter", "--net=/run/netns/site", sys.executable, "-c", reader, str(proxy_port), *urls],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def explain(log):
    """When each fragment left the origin; more than once is what the site has spent in vain."""
    taken = {}
    for entry in log:
        if entry["method"] == "GET":
            taken.setdefault(int(entry["path"].rsplit("-", 1)[1]), []).append(entry)
    first = min((entry["time"] for entries in taken.values() for entry in entries), default=0)
    for fragment, entries in sorted(taken.items(), key=lambda item: item[1][0]["time"]):
        print(f"    fragment {fragment:2}: " + ", ".join(
            f"{entry['time'] - first:.2f} s{'' if entry['complete'] else ' (cut off after ' + str(entry['sent']) + ')'}" for entry in entries))


def one_run(folder, options, fragments, number):
    tls = make_ca(folder / "tls", CENTRE)
    size = options.mebibytes * 1024 * 1024
    package_id = str(1700000000 + number)
    with TestServer(folder / "server", ca=tls) as server:
        relay = Relay(server.port, server.tls_port)
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        proxy_port = start_cache(folder / "lab", options.cache)
        stalled = None
        try:
            agents = Agents(server, folder, options.agents, proxy_port, options.cache == "nginx", options.stall)
            agents.prepare()
            package = make_package(folder / "packages", package_id, archive=make_stored(size), frags=fragments, command="true")
            server.add_package(package, info_loc=f"{CENTRE}:{server.tls_port}/download", pack_loc=f"{CENTRE}:{server.port}/download")
            server.clear_log()
            if options.stall:
                stalled = stall(proxy_port, [f"http://{CENTRE}:{server.port}/download/{package_id}/{package_id}-{i + 1}" for i in range(fragments)])
            seconds, spread = agents.recover(package_id, options.timeout) if options.stall else agents.deploy(options.kill, options.timeout)
            if options.explain:
                explain(server.log(f"/download/{package_id}/{package_id}-*"))
            crossed = server.bytes_sent(f"/download/{package_id}/{package_id}-*")
            results = [device.get("results", {}).get(package_id) for device in server.devices().values()]
        finally:
            if stalled is not None:
                stalled.kill()
                stalled.wait()
            subprocess.run([HERE.parent / "lab/lab.sh", "stop", folder / "lab"], check=False)
    del relay
    good = results.count("SUCCESS")
    line = package["size"] * 8 / RATE
    print(f"  {fragments:3} fragments: {crossed / package['size']:5.2f} × the package at the origin, the last of {options.agents} done after "
          f"{seconds:5.1f} s (started within {spread:.1f} s; the line alone needs {line:.1f} s), {good} of {options.agents} well", flush=True)
    if good != options.agents:
        print((folder / "agent-0/log").read_text()[-3000:], file=sys.stderr)
    return crossed / package["size"], seconds, good


def make_stored(size):
    """An archive of about that size that costs nothing to unpack."""
    from lab import make_archive
    return make_archive({"x": random.randbytes(size - 20000)})


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--agents", type=int, default=50)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fragments", default="20,1")
    parser.add_argument("--mebibytes", type=int, default=20)
    parser.add_argument("--kill", type=int, default=0, help="so many are killed on the way, and start again")
    parser.add_argument("--cache", choices=("squid", "nginx", "ats"), default="squid")
    parser.add_argument("--stall", action="store_true", help="somebody has asked for each fragment first and does not read on")
    parser.add_argument("--explain", action="store_true", help="say when which fragment crossed the line")
    parser.add_argument("--timeout", type=int, default=400)
    options = parser.parse_args()
    if os.geteuid() != 0 or not all(map(shutil.which, ("ip", "tc", "squid", "nsenter"))):
        print("  skipped: needs root, iproute2, util-linux and squid")
        return 77
    if os.environ.get(OURS[0]) != OURS[1]:
        os.environ.update([OURS])
        os.execvp("unshare", ["unshare", "--net", "--mount", "--propagation=private", sys.executable, "-B", *sys.argv])
    run("mount", "-t", "tmpfs", "none", "/run/netns") if os.path.isdir("/run/netns") else None
    make_namespaces()
    if options.cache == "nginx":
        open_way()
    failed = False
    for fragments in map(int, options.fragments.split(",")):
        taken = []
        for number in range(options.runs):
            folder = Path(tempfile.mkdtemp(prefix="ocs-branch."))
            folder.chmod(0o755)
            try:
                taken.append(one_run(folder, options, fragments, number + 1))
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        failed |= any(good != options.agents for _, _, good in taken)
        print(f"  {fragments:3} fragments, {options.runs} runs of {options.agents} agents: "
              f"{statistics.mean(x for x, _, _ in taken):.2f} × on average [{min(taken)[0]:.2f}..{max(taken)[0]:.2f}], "
              f"{statistics.mean(s for _, s, _ in taken):.1f} s", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
