# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request costs the courier: the same small and large objects from one warm Squid over one kept connection, beside curl, in turns.
CPU is that of the courier alone (/proc), of curl with its start (one process for all requests). curl throws the bytes away; "curl | reader"
hands them to another process, as the courier must, which takes a call of its own for each object besides. Connections (and so handshakes)
are counted by Squid's log."""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lab"), str(HERE.parent / "system")]
from lab import Lab, TestServer, build_dir  # noqa: E402

SKIP = 77
ROUNDS = int(os.environ.get("OCS_BENCH_RUNS", "5"))
CASES = (("4 KiB", 4096, 400), ("5 MiB", 5 << 20, 40))


def courier_seconds(process):
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_courier(courier, way, url, count):
    cpu, began = courier_seconds(courier.process), time.monotonic()
    for _ in range(count):
        _, data, trailer = courier.fetch(way, url)
        assert data and "error" not in trailer
    return time.monotonic() - began, courier_seconds(courier.process) - cpu


def run_curl(proxy, url, count, size=None):
    """size: of an object, to be read from a pipe."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    output = ["-o", "/dev/null"] if size is None else []
    command = ["curl", "-sf", "-x", proxy, "-H", "Cache-Control: max-stale=604800", *output, f"{url}#[1-{count}]"]
    with subprocess.Popen(command, stdout=None if size is None else subprocess.PIPE) as process:
        if size is not None:
            read = 0
            while piece := os.read(process.stdout.fileno(), 1 << 18):
                read += len(piece)
            assert read == size * count
    assert process.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def connections(log, since):
    lines = log.read_text().split()[since:]
    return len(set(lines)), since + len(lines)


def main():
    if os.geteuid() != 0 or not shutil.which("squid") and not Path("/usr/sbin/squid").exists():
        print("skipped: the lab needs root and squid")
        return SKIP
    os.environ["OCS_COURIER"] = str(build_dir() / "worker/ocs-courier")
    from couriertest import Courier, route
    place = Path(tempfile.mkdtemp(prefix="ocs-bench.", dir="/tmp"))
    place.chmod(0o755)
    ports = place / "lab/squid-plain/ports.log"
    extra = f"logformat ports %>p\naccess_log stdio:{ports} ports"
    try:
        with TestServer(place / "server") as server, Lab(place / "lab", "--squid=plain", squid_extra=extra) as lab:
            courier, seen = Courier(place, "bulk"), 0
            way = route({"kind": "http", "host": "127.0.0.1", "port": int(lab["SQUID_PORT"])})
            for name, size, count in CASES:
                file = server.root / f"object-{size}"
                file.write_bytes(os.urandom(size))
                os.utime(file, (time.time() - 172800,) * 2)
                url = f"{server.base}/download/{file.name}"
                run_courier(courier, way, url, 2)
                rows = {"courier": [], "curl": [], "curl | reader": []}
                kept = {}
                for _ in range(ROUNDS):
                    seen = len(ports.read_text().split())
                    rows["courier"].append(run_courier(courier, way, url, count))
                    kept["courier"], seen = connections(ports, seen)
                    rows["curl"].append(run_curl(f"http://127.0.0.1:{lab['SQUID_PORT']}", url, count))
                    kept["curl"], seen = connections(ports, seen)
                    rows["curl | reader"].append(run_curl(f"http://127.0.0.1:{lab['SQUID_PORT']}", url, count, size))
                    kept["curl | reader"], seen = connections(ports, seen)
                for who, pairs in rows.items():
                    rate = statistics.median(count / wall for wall, _ in pairs)
                    cpu = statistics.median(cpu / count for _, cpu in pairs)
                    print(f"{name:6} {who:13} {rate:8.0f} requests/s   {cpu * 1e6:7.0f} us CPU a request   {kept[who]} connections for {count}")
            courier.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
