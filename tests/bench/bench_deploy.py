# SPDX-License-Identifier: GPL-3.0-or-later
"""A package of 100 MiB in 20 fragments out of a warm Squid (Debian's, with a disk cache), all latencies 0: from the start of the worker to
its end, and its parts by the times in its log, beside what curl, openssl and tar need for the same, and beside Debian's agent."""
import random
import re
import shutil
import time
import zlib

import bench
from lab import Lab, TestServer, make_package, squid_totals
from machine import Machine

NUMBER = "1700000001"
FRAGMENTS = 20
SIZE = 100 * 1024 * 1024
# Two days ago: Squid takes such a file as fresh for hours.
OLD = time.time() - 172800
DAY_MS = 86400000


def milliseconds(line):
    """Of the time in a line of GLib's log, None where it has none."""
    found = re.search(r": (\d\d):(\d\d):(\d\d)\.(\d{3}): ", line)
    return None if found is None else ((int(found[1]) * 60 + int(found[2])) * 60 + int(found[3])) * 1000 + int(found[4])


def parts(log):
    """Seconds of the parts of a deployment, by its log: fetch is from the end of the description to the last fragment's last byte."""
    steps, fragments = {}, []
    for line in log.splitlines():
        step = re.search(rf"package {NUMBER}: (\w+)", line)
        if step:
            steps[step[1]] = milliseconds(line)
        elif re.search(r": status 200, \d{7,} bytes", line):
            fragments.append(milliseconds(line))
    if len(fragments) != FRAGMENTS:
        raise RuntimeError(f"{len(fragments)} fragments in the log:\n{log[-3000:]}")
    moments = [steps["fetching"], max(fragments), steps["verified"], steps["finished"]]
    return [(b - a) % DAY_MS / 1000 for a, b in zip(moments, moments[1:])]


def contents():
    """Files that pack to about SIZE: some shrink to a third, as programs do, the rest not at all. What repeats is out of gzip's reach."""
    words = [random.randbytes(8) for _ in range(2048)]
    block = b"".join(random.choices(words, k=131072))
    blocks = 120
    packed = len(zlib.compress(4 * block, 1)) * blocks // 4
    return {"programs": blocks * block, "pictures": random.randbytes(SIZE - packed)}


class Site:
    """A server that offers the package, a Squid before it, and machines that take it."""

    def __init__(self, server, lab, folder):
        self.server, self.folder, self.count = server, folder, 0
        self.proxy, self.squid_log = lab.squid()
        self.port = lab["SQUID_PORT"]
        self.urls = [f"{server.base}/download/{NUMBER}/{NUMBER}-{i}" for i in range(1, FRAGMENTS + 1)]

    def new_folder(self):
        """A folder of a machine that does not exist yet; the last one's goes. Names of machines have seconds."""
        time.sleep(1.1)
        shutil.rmtree(self.folder / f"machine-{self.count}", ignore_errors=True)
        self.count += 1
        folder = self.folder / f"machine-{self.count}"
        folder.mkdir()
        return folder

    def check(self, device):
        if self.server.result(NUMBER, device) != "SUCCESS":
            raise RuntimeError(f"{device}: {self.server.result(NUMBER, device)}: {(self.folder / 'log').read_text()[-2000:]}")

    def ours_known(self):
        """The machine has sent its inventory, without which a server offers nothing."""
        machine = Machine(self.new_folder(), Server=self.server.url, CaBundle=self.server.ca, ProxyType=1, Proxy="127.0.0.1",
                          ProxyPort=self.port)
        bench.run(machine.arguments("--once"), self.folder)
        return machine

    def ours(self):
        machine = self.ours_known()
        usage = bench.run(machine.arguments("--once"), self.folder, G_MESSAGES_DEBUG="ocs-transfer")
        self.check(machine.identity())
        usage.more["fetch s"], usage.more["verify s"], usage.more["extract, run s"] = parts((self.folder / "log").read_text())
        usage.more["fetch+verify s"] = usage.more["fetch s"] + usage.more["verify s"]
        return usage

    def curl(self, folder):
        return ["curl", "-fsS", "-x", self.proxy, "-H", "Cache-Control: max-stale=604800",
                *(word for i, url in enumerate(self.urls, 1) for word in ("-o", f"{folder}/part-{i:02}", url))]

    def curl_alone(self):
        return bench.run(self.curl(self.new_folder()), self.folder)

    def curl_and_more(self):
        """In one shell; the times of the parts by its clock."""
        folder = self.new_folder()
        steps = [f"cd {folder}", '"$@"', "cat part-* | openssl dgst -md5", "mkdir tree && cat part-* | tar xz -C tree"]
        script = " && ".join(f"{step} && date +%s%N" for step in steps)
        usage = bench.run(["sh", "-c", script, "sh", *self.curl(folder)], self.folder, folder / "times")
        moments = [int(line) for line in (folder / "times").read_text().splitlines() if line.isdigit()]
        times = [(b - a) / 1e9 for a, b in zip(moments, moments[1:])]
        usage.more["fetch s"], usage.more["verify s"], usage.more["extract, run s"] = times
        usage.more["fetch+verify s"] = times[0] + times[1]
        return usage

    def peer(self):
        """It leaves a child behind that downloads: counted until that has ended."""
        folder = self.new_folder()
        arguments = ["ocsinventory-agent", "--nolocal", f"--server={self.server.url}", f"--basevardir={folder}", f"--ca={self.server.ca}"]
        proxies = {"http_proxy": self.proxy, "https_proxy": self.proxy}
        known = set(self.server.devices())
        bench.run(arguments, self.folder, until="all", **proxies)
        device = (set(self.server.devices()) - known).pop()
        usage = bench.run(arguments, self.folder, until="all", **proxies)
        self.check(device)
        return usage


def benchmark(folder):
    for name, section in (("squid", "lab"), ("curl", "test"), ("openssl", "test")):
        bench.need_program(name, section)
    bench.need_root()
    package = make_package(folder / "packages", NUMBER, contents(), frags=FRAGMENTS, mtime=OLD, command="true")
    with Lab(folder / "lab", "--squid=plain") as lab, TestServer(folder / "server") as server:
        server.config(download={"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"})
        server.add_package(package)
        site = Site(server, lab, folder)
        runs = {"ours": site.ours, "curl": site.curl_alone, "curl; openssl; tar": site.curl_and_more}
        if shutil.which("ocsinventory-agent", path=bench.CLEAN["PATH"]):
            runs["ocsinventory-agent"] = site.peer
        else:
            print("  without ocsinventory-agent, which is not installed: run tests/install.sh peer")
        # The first to come warms the cache.
        site.curl_alone()
        crossed = server.bytes_sent(f"/download/{NUMBER}/{NUMBER}-*")
        taken = bench.take_turns(runs, bench.rounds(7))
        print_all(taken, runs)
        print("  ours, the sum: " + bench.peaks_line(*bench.peaks(site.ours_known().arguments("--once"), folder)))
        crossed = server.bytes_sent(f"/download/{NUMBER}/{NUMBER}-*") - crossed
        hits = squid_totals(site.squid_log)["codes"].get("TCP_HIT", 0)
        print(f"  package: {package['size'] / 1048576:.1f} MiB; over the line since the cache was warm: {crossed} bytes of it, "
              f"{hits} hits in Squid")


def print_all(taken, runs):
    bench.print_table("Deployment of 100 MiB in 20 fragments from a warm Squid", taken)
    bench.print_ratios(taken, "ours", *list(runs)[1:])
    fetches = {"ours": [usage.more["fetch s"] for usage in taken["ours"]], "curl": [usage.wall for usage in taken["curl"]]}
    print(f"  our fetch to curl, pair by pair: {bench.ratio(fetches['ours'], fetches['curl'])}")
    print("  our fetch and verify to curl; openssl: " + bench.ratio([u.more["fetch+verify s"] for u in taken["ours"]],
                                                                   [u.more["fetch+verify s"] for u in taken["curl; openssl; tar"]]))


bench.main(benchmark)
