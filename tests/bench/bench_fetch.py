# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching in other shapes than that of bench_deploy: 1 GiB in one fragment and 5,000 fragments of 64 KiB, out of a warm Squid, beside
curl, curl -Z, aria2c and wget; ours, Debian's agent and curl with openssl and tar do the whole deployment. And the server's stock latencies on a warm cache, which
others wait out.
OCS_BENCH_SHAPES: one,many,stock."""
import os
import random
import re
import shutil
import subprocess
import time

import bench
from lab import Lab, TestServer, make_package
from machine import Machine

OLD = time.time() - 172800
STOCK = {"ON": "1", "FRAG_LATENCY": "10", "CYCLE_LATENCY": "60", "PERIOD_LATENCY": "1", "PERIOD_LENGTH": "10", "TIMEOUT": "30"}
NONE = {"ON": "1", "FRAG_LATENCY": "0", "CYCLE_LATENCY": "0", "PERIOD_LATENCY": "0", "TIMEOUT": "30"}


def make_stored(size):
    """A tar.gz of one file, which gzip only stores: what is measured is the way of the bytes, and Debian's agent takes no bare tar."""
    import io
    import tarfile
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=0) as archive:
        member = tarfile.TarInfo("x")
        # Five bytes for each 32 KiB or more, and the frame.
        member.size = size - 10240 - size // 4096
        archive.addfile(member, io.BytesIO(random.randbytes(1 << 20) * ((member.size >> 20) + 1)))
    return out.getvalue()


class Site:
    def __init__(self, server, lab, folder, number, fragments):
        self.server, self.folder, self.number, self.count = server, folder, number, 0
        self.proxy, self.port = lab.squid()[0], lab["SQUID_PORT"]
        self.urls = [f"{server.base}/download/{number}/{number}-{i}" for i in range(1, fragments + 1)]
        self.config = folder / f"urls-{number}"
        self.config.write_text("".join(f'url = "{url}"\noutput = "{url.rsplit("/", 1)[1]}"\n' for url in self.urls))
        self.list = folder / f"list-{number}"
        self.list.write_text("".join(url + "\n" for url in self.urls))

    def place(self):
        """Where the newest of the runs puts what it fetches; each shape has places of its own, since the last one is left standing."""
        return self.folder / f"f-{self.number}-{self.count}"

    def new_folder(self):
        shutil.rmtree(self.place(), ignore_errors=True)
        self.count += 1
        self.place().mkdir()
        return self.place()

    def ours(self):
        time.sleep(1.1)  # names of machines have seconds
        machine = Machine(self.new_folder(), Server=self.server.url, CaBundle=self.server.ca, ProxyType=1, Proxy="127.0.0.1", ProxyPort=self.port)
        bench.run(machine.arguments("--once"), self.folder)
        usage = bench.run(machine.arguments("--once"), self.folder, G_MESSAGES_DEBUG="ocs-duty")
        if self.server.result(self.number, machine.identity()) != "SUCCESS":
            raise RuntimeError((self.folder / "log").read_text()[-2000:])
        moments = {step: bench_moment(line) for line in (self.folder / "log").read_text().splitlines()
                   for step in re.findall(rf"package {self.number}: (fetching|all of it|verified)", line)}
        usage.more["fetch s"] = (moments["all of it"] - moments["fetching"]) % 86400
        usage.more["fetch+verify s"] = (moments["verified"] - moments["fetching"]) % 86400
        return usage

    def peer(self):
        """Debian's agent, which leaves a child behind that downloads: counted until that has ended."""
        folder = self.new_folder()
        arguments = ["ocsinventory-agent", "--nolocal", f"--server={self.server.url}", f"--basevardir={folder}", f"--ca={self.server.ca}"]
        known = set(self.server.devices())
        bench.run(arguments, self.folder, until="all", http_proxy=self.proxy, https_proxy=self.proxy)
        device = (set(self.server.devices()) - known).pop()
        usage = bench.run(arguments, self.folder, until="all", http_proxy=self.proxy, https_proxy=self.proxy)
        if self.server.result(self.number, device) != "SUCCESS":
            raise RuntimeError(f"{self.server.result(self.number, device)}: " + (self.folder / "log").read_text()[-500:])
        return usage

    def curl(self, *more):
        return bench.run(["curl", "-fsS", *more, "-x", self.proxy, "-H", "Cache-Control: max-stale=604800", "--output-dir", self.new_folder(),
                          "-K", self.config], self.folder)

    def curl_and_more(self):
        """What we do, by hand: fetched, hashed and unpacked, in one shell; the times of the parts by its clock."""
        folder, names = self.new_folder(), " ".join(url.rsplit("/", 1)[1] for url in self.urls)
        (folder / "names").write_text(names)
        steps = [f"cd {folder}", f"curl -fsS -x {self.proxy} -H 'Cache-Control: max-stale=604800' --output-dir {folder} -K {self.config}",
                 "xargs cat <names | openssl dgst -md5", "mkdir tree && xargs cat <names | tar xz -C tree"]
        usage = bench.run(["sh", "-c", " && ".join(f"{step} && date +%s%N" for step in steps)], self.folder, folder / "times")
        moments = [int(line) / 1e9 for line in (folder / "times").read_text().splitlines() if line.isdigit()]
        usage.more["fetch s"], usage.more["fetch+verify s"] = moments[1] - moments[0], moments[2] - moments[0]
        return usage

    def aria2(self):
        return bench.run(["aria2c", "-q", "--all-proxy", self.proxy, "--proxy-method=get", "--header=Cache-Control: max-stale=604800", "-d",
                          self.new_folder(), "-i", self.list, "-j", "5", "--file-allocation=none"], self.folder)

    def wget(self):
        return bench.run(["wget", "-q", "-P", self.new_folder(), "-i", self.list], self.folder, http_proxy=self.proxy)


def bench_moment(line):
    hours, minutes, seconds = re.search(r": (\d\d):(\d\d):(\d\d\.\d+): ", line).groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def try_slow(runs):
    """Once, out of turn: who takes minutes would use up the time of all."""
    for name, run in runs.items():
        try:
            bench.print_table("Once", {name: [run()]})
        except subprocess.TimeoutExpired:
            print(f"  {name}: not done within 100 s")
        except RuntimeError as error:
            print(f"  {name} did not work: {error}")


def shape(folder, lab, number, size, fragments, title, count):
    package = make_package(folder / "packages", number, archive=make_stored(size), frags=fragments, mtime=OLD, command="true")
    with TestServer(folder / f"server-{number}") as server:
        server.config(download=NONE)
        server.add_package(package)
        site = Site(server, lab, folder, number, fragments)
        site.curl()
        before = server.bytes_sent()
        runs = {"ours": site.ours, "curl": site.curl, "curl; openssl; tar": site.curl_and_more, "curl -Z": lambda: site.curl("-Z")}
        for name, run in (("aria2c", site.aria2), ("wget", site.wget)):
            if shutil.which(name):
                runs[name] = run
            else:
                print(f"  without {name}, which is not installed: run tests/install.sh peer")
        slow = {}
        if shutil.which("ocsinventory-agent", path=bench.CLEAN["PATH"]):
            slow["ocsinventory-agent"] = site.peer
        else:
            print("  without ocsinventory-agent, which is not installed: run tests/install.sh peer")
        peaks = {}

        def warm_up(name, run):
            peaks[name] = bench.disk_peak(run, site.place)
        taken = bench.take_turns(runs, bench.rounds(count), limit=60, warm_up=warm_up)
        bench.print_table(title, taken)
        bench.print_ratios(taken, "ours", *list(runs)[1:])
        print(f"  disk peak, of {size / 1e6:.0f} MB: " + ", ".join(f"{name} {peak:.0f} MB" for name, peak in peaks.items()))
        print("  our fetch to curl: " + bench.ratio([u.more["fetch s"] for u in taken["ours"]], [u.wall for u in taken["curl"]]))
        print("  our fetch and verify to curl; openssl: "
              + bench.ratio(*([u.more["fetch+verify s"] for u in taken[name]] for name in ("ours", "curl; openssl; tar"))))
        try_slow(slow)
        print(f"  over the line since the cache was warm: {server.bytes_sent() - before} bytes")


def stock(folder, lab):
    number = "1700000009"
    package = make_package(folder / "packages", number, archive=make_stored(200_000), frags=2, mtime=OLD, command="true")
    with TestServer(folder / "server-stock") as server:
        server.config(download=STOCK)
        server.add_package(package)
        site = Site(server, lab, folder, number, 2)
        site.curl()
        taken = {"ours": [site.ours() for _ in range(3)]}
        bench.print_table("2 fragments on a warm cache with the server's stock latencies (Debian's agent: 862 s)", taken)


def benchmark(folder):
    for name, section in (("squid", "lab"), ("curl", "test"), ("openssl", "test")):
        bench.need_program(name, section)
    bench.need_root()
    shapes = os.environ.get("OCS_BENCH_SHAPES", "one,many,stock").split(",")
    with Lab(folder / "lab", "--squid=plain") as lab:
        if "one" in shapes:
            shape(folder, lab, "1700000001", 1 << 30, 1, "1 GiB in one fragment from a warm Squid", 3)
        if "many" in shapes:
            shape(folder, lab, "1700000002", 5000 << 16, 5000, "5,000 fragments of 64 KiB from a warm Squid", 3)
        if "stock" in shapes:
            stock(folder, lab)


bench.main(benchmark)
