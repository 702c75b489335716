# SPDX-License-Identifier: GPL-3.0-or-later
"""The icon in the panel, beside nm-applet in the same session on Xvfb: from its start to the icon, memory of its own, how often it wakes up
while nothing changes, and what it costs while 100 MiB come. The panel is a StatusNotifierWatcher of the benchmark's own, the worker and
the download are real; nm-applet has no NetworkManager to speak to, so its icon is the plainest that it has.

Pages of a library count as private where no other process has them, so each is measured alone, where GTK's own pages are counted, and again
while both are there, which is what one more program costs in a session that has one of GTK 3."""
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time

import bench
from lab import TestServer, make_package

WINDOWED = bool(os.environ.get("DISPLAY") and os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
if WINDOWED:
    from desktop import GLib, Watcher
    from machine import Machine

ROUNDS = 7
IDLE = 20  # seconds
# GLib ends a thread that has had nothing to do for 15 s after the start, and the bridge to screen readers has a timer of its own then.
SETTLED = 20  # seconds
NUMBER = 1700000001
MEBIBYTES = 100
RATE = 5120  # KiB a second, so that there is time to look


class Panel(Watcher if WINDOWED else object):
    """Knows when an icon has come."""

    def __init__(self):
        super().__init__()
        self.came = None
        self.own()

    def on_call(self, bus, sender, path, interface, method, parameters, invocation):
        self.came = time.monotonic()
        super().on_call(bus, sender, path, interface, method, parameters, invocation)

    def wait(self, condition, seconds):
        context, end = GLib.MainContext.default(), time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            if not context.iteration(False):
                time.sleep(0.0005)
        return condition()

    def rest(self, seconds):
        self.wait(lambda: False, seconds)

    def start(self, command, environment):
        """(the process, ms until its icon), which is None where none came."""
        self.item = self.came = None
        self.rest(0.1)
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.wait(lambda: (self.item and self.has_item_of(process.pid)) or process.poll() is not None, 15)
        return process, (self.came - began) * 1000 if self.came and process.poll() is None else None


def end(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def memory(process):
    """(private, resident) in MB."""
    with open(f"/proc/{process.pid}/smaps_rollup", encoding="ascii") as file:
        sizes = {line.split(":")[0]: int(line.split()[1]) for line in file if line.endswith("kB\n")}
    return (sizes["Private_Clean"] + sizes["Private_Dirty"]) / 1024, sizes["Rss"] / 1024


def wakes(process):
    """How often each thread has gone to sleep."""
    counts = {}
    for thread in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{thread}/status", encoding="ascii") as file:
            counts[thread] = next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return counts


def woken(before, after):
    return sum(count - before.get(thread, 0) for thread, count in after.items())


def worked(process):
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def look(panel, command, environment):
    """Times of the starts; then memory and rest of the last one."""
    times = []
    process = None
    for _ in range(bench.rounds(ROUNDS) + 1):
        if process:
            end(process)
        process, taken = panel.start(command, environment)
        times.append(taken)
    if None in times:
        end(process)
        return None
    panel.rest(SETTLED)
    private, resident = memory(process)
    woke, used = wakes(process), worked(process)
    panel.rest(IDLE)
    row = [bench.spread(times[1:], 0), f"{private:.1f}", f"{resident:.1f}", f"{woken(woke, wakes(process)) * 60 / IDLE:.0f}",
           f"{(worked(process) - used) * 60 / IDLE:.2f}"]
    end(process)
    return statistics.median(times[1:]), private, row


def look_at_both(panel, tray, peer, environment):
    """(private MB of ours, of the peer) while both run; the processes go on."""
    both = [panel.start(command, environment)[0] for command in (tray, peer)]
    panel.rest(5)
    return both, [memory(process)[0] for process in both]


def download(panel, machine, process):
    """Per cent of a core that the tray takes while the package comes."""
    machine.start()
    panel.rest(2)
    machine.call("Contact")
    began = time.monotonic()
    while machine.status().get("job", {}).get("kind") != "downloading" and time.monotonic() < began + 20:
        panel.rest(0.2)
    used, began = worked(process), time.monotonic()
    while machine.status().get("job", {}).get("kind") == "downloading" and time.monotonic() < began + 60:
        panel.rest(0.5)
    taken = time.monotonic() - began
    print(f"  while {MEBIBYTES} MiB came in {taken:.0f} s: {(worked(process) - used) * 100 / taken:.2f} % of a core")


def benchmark(folder):
    if not WINDOWED:
        raise bench.Skip("xvfb-run and dbus-run-session are not installed: run tests/install.sh desktop")
    system = folder / "system-bus"
    bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address=unix:path={system}"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    environment = dict(bench.CLEAN, DBUS_SYSTEM_BUS_ADDRESS=f"unix:path={system}", GSETTINGS_BACKEND="memory", XDG_RUNTIME_DIR=str(folder))
    panel = Panel()
    rows = [["", "ms to the icon", "private MB", "resident MB", "wake-ups a minute", "CPU s a minute"]]
    processes = []
    try:
        with TestServer(folder / "server") as server, Machine(folder / "machine", Server=server.url, CaBundle=server.ca) as machine:
            machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca}, OCS_Companion={"BandwidthLimit": RATE})
            machine.start()
            tray = [os.environ["OCS_TRAY"], f"--socket={machine.runtime}/worker.sock", "--background"]
            ours = look(panel, tray, environment)
            rows.append(["ocs-tray", *ours[2]])
            peer = shutil.which("nm-applet")
            seen = look(panel, [peer, "--indicator"], environment) if peer else None
            if seen:
                rows.append(["nm-applet", *seen[2]])
            bench.print_rows(rows)
            if seen:
                processes, beside = look_at_both(panel, tray, [peer, "--indicator"], environment)
                end(processes.pop())
                print(f"  while both run: ocs-tray {beside[0]:.1f}, nm-applet {beside[1]:.1f} MB of private memory")
                print(f"  ours to nm-applet: {ours[0] / seen[0]:.2f} of the time, {ours[1] / seen[1]:.2f} of the private memory alone, "
                      f"{beside[0] / beside[1]:.2f} of it where both run")
            else:
                print("  nm-applet " + ("shows no icon here" if peer else "is not installed: run tests/install.sh peer"))
                processes = [panel.start(tray, environment)[0]]
            machine.stop()
            server.add_package(make_package(folder / "package", NUMBER, {"x": os.urandom(MEBIBYTES << 20)}, frags=20, command="true"))
            download(panel, machine, processes[0])
    finally:
        for process in processes:
            end(process)
        bus.terminate()
        bus.wait()


if not WINDOWED and shutil.which("xvfb-run") and shutil.which("dbus-run-session") and "OCS_BENCH_INSIDE" not in os.environ:
    os.environ["OCS_BENCH_INSIDE"] = "1"
    os.execvp("xvfb-run", ["xvfb-run", "-a", "dbus-run-session", "--", sys.executable, "-B", __file__])
bench.main(benchmark)
