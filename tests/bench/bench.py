# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmarks share: running a command and saying what it cost, taking turns with a peer, printing a table. Standard library only.

A benchmark never asserts a time: it fails only where something did not work, and skips (exit 77) where a peer is not installed."""
import json
import os
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
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE.parent / "lab"), str(HERE.parent / "system")]

WORKER = os.environ.get("OCS_WORKER", "ocs-worker")
MEASURE = os.environ.get("OCS_MEASURE", "measure")
# Nobody wants to wait for longer than this; the table says how many rounds there were.
SECONDS_MAX = 110

# What a machine has, not what the tests or a person's shell add to it.
ADDED = ("G_DEBUG", "G_ENABLE_DIAGNOSTIC", "G_MESSAGES_DEBUG", "G_SLICE", "MALLOC_CHECK_", "MALLOC_PERTURB_")
CLEAN = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy") and key not in ADDED}
CLEAN.update(LC_ALL="C.UTF-8", PATH=CLEAN.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin")


class Skip(Exception):
    """Why this benchmark cannot run here, and what to do."""


def need_program(name, section):
    path = shutil.which(name, path=CLEAN["PATH"])
    if path is None:
        raise Skip(f"{name} is not installed: run tests/install.sh {section}")
    return path


def need_root():
    if os.geteuid() != 0:
        raise Skip("the real parts need root")


def need_real_server():
    need_root()
    need_program("mariadbd", "lab")
    need_program("apache2", "lab")
    if not Path("/etc/apache2/conf-available/ocsinventory-server.conf").exists():
        raise Skip("ocsinventory-server is not installed: run tests/install.sh lab")


def new_folder():
    """A folder that other users can reach, as the lab needs it; the caller removes it."""
    folder = Path(tempfile.mkdtemp(prefix="ocs-bench.", dir=os.environ.get("OCS_BENCH_FOLDER", "/tmp")))
    folder.chmod(0o755)
    return folder


# ---- one run -------------------------------------------------------------------------------------------------------------

class Usage:
    """What one run took: wall (until the command ended), user and sys seconds of it and all that it started, rss (MB, the largest single
    process). more: further columns by name."""

    def __init__(self, wall, user, sys_, rss, **more):
        self.wall, self.user, self.sys, self.rss, self.more = wall, user, sys_, rss, more

    @property
    def cpu(self):
        return self.user + self.sys


def run(arguments, folder, output=None, until="wall", **environment):
    """Runs a command once and returns its Usage; RuntimeError where it fails. What it says goes to FOLDER/log, its standard output to
    output where that is given. until="all" counts until the last process that it left behind has ended. Environment: CLEAN and more."""
    out, log = Path(folder) / "usage.json", Path(folder) / "log"
    out.unlink(missing_ok=True)
    with open(output or os.devnull, "wb") as stdout, open(log, "wb") as stderr:
        process = subprocess.Popen([MEASURE, str(out), *map(str, arguments)], env={**CLEAN, **environment}, stdin=subprocess.DEVNULL,
                                   stdout=stdout if output else stderr, stderr=stderr)
        try:
            process.wait(100)
        except subprocess.TimeoutExpired:
            end_tree(process)
            raise
    if process.returncode != 0:
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}: " + log.read_text(errors="replace")[-2000:])
    used = json.loads(out.read_text())
    return Usage(used[until], used["user"], used["sys"], used["rss"] / 1024)


def end_tree(process):
    """Ends it and all that it started; measure takes in what others leave behind."""
    waiting = [process.pid]
    while waiting:
        pid = waiting.pop()
        waiting += children_of(pid)
        try:
            os.kill(pid, signal.SIGKILL if pid != process.pid else signal.SIGSTOP)
        except ProcessLookupError:
            pass
    for pid in children_of(process.pid):
        os.kill(pid, signal.SIGKILL)
    process.kill()
    process.wait()


def children_of(pid):
    try:
        text = "".join(Path(path).read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []
    return [int(child) for child in text.split()]


def peak_of(pid):
    """(name, peak MB) of a living process, None once it is gone. Its program's name: its own is a number where it was started from a file
    descriptor."""
    try:
        name = os.path.basename(os.readlink(f"/proc/{pid}/exe"))
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
        return name.removesuffix(" (deleted)"), int(fields["VmHWM"].split()[0]) / 1024
    except (OSError, KeyError, ValueError):
        return None


def private_of(pid):
    """(private MB, MB with a share of what others use too) of a living process of ours; nothing of others."""
    try:
        if not os.path.basename(os.readlink(f"/proc/{pid}/exe")).startswith("ocs-"):
            return 0, 0
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
        sizes = {name: int(text.split()[0]) / 1024 for name, text in fields.items()}
        return sizes["Private_Clean"] + sizes["Private_Dirty"], sizes["Pss"]
    except (OSError, KeyError, ValueError):
        return 0, 0


def peaks(arguments, folder):
    """Runs a command, not timed, and looks at it every few ms: [("name", its peak in MB)], and what all had at one time (private, shared)."""
    seen, together = {}, (0, 0)
    with open(Path(folder) / "log", "wb") as log:
        process = subprocess.Popen(list(map(str, arguments)), env=CLEAN, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log)
        while process.poll() is None:
            waiting, now = [process.pid], []
            while waiting:
                pid = waiting.pop()
                waiting += children_of(pid)
                now.append(private_of(pid))
                # The last look counts: before its exec a child still shows the peak of its parent.
                seen[pid] = peak_of(pid) or seen.get(pid)
            together = max(together, tuple(map(sum, zip(*now))))
            time.sleep(0.003)
    # A child that never got as far as its exec has no memory any more when it ends.
    return [peak for peak in seen.values() if peak and peak[1] > 0.5], together


def peaks_line(found, together):
    """Peaks of our own processes, their sum (shared pages are counted in each), and what they had at one time."""
    ours = sorted((peak for peak in found if peak[0].startswith("ocs-")), key=lambda peak: peak[0])
    return " + ".join(f"{name} {size:.1f}" for name, size in ours) + f" = {sum(size for _, size in ours):.1f} MB; " \
        f"at one time {together[0]:.1f} MB of their own, {together[1]:.1f} MB with their share of what others use too"


def used(path):
    """Bytes on disk of a folder; what goes while it is looked at counts as nothing."""
    total = 0
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                try:
                    total += used(entry.path) if entry.is_dir(follow_symlinks=False) else entry.stat(follow_symlinks=False).st_blocks * 512
                except OSError:
                    pass
    except OSError:
        pass
    return total


def disk_peak(run, folder):
    """The most, in MB, that folder() took while run() ran, not timed: looked at ten times a second."""
    peaks, over = [0], threading.Event()

    def look():
        while not over.wait(0.1):
            peaks.append(used(folder()))
    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        run()
    finally:
        over.set()
        watcher.join()
    return max(*peaks, used(folder())) / 1e6


# ---- taking turns ----------------------------------------------------------------------------------------------------------

def rounds(fallback):
    return int(os.environ.get("OCS_BENCH_RUNS", fallback))


def take_turns(runs, count, limit=SECONDS_MAX, warm_up=lambda name, run: run()):
    """runs: {name: function that returns a Usage}. A warm-up, then count rounds in which all take turns, each time with
    another one first; fewer rounds where the time runs out. Returns {name: [Usage]}, whose nth ones belong together."""
    names = list(runs)
    taken = {name: [] for name in names}
    began = time.monotonic()
    for name in names:
        warm_up(name, runs[name])
    for number in range(1, count + 1):
        if time.monotonic() - began > limit and number > 3:
            break
        for i in range(len(names)):
            name = names[(i + number) % len(names)]
            taken[name].append(runs[name]())
    return taken


def spread(values, digits=3):
    values = sorted(values)
    return f"{statistics.median(values):.{digits}f} [{values[0]:.{digits}f}..{values[-1]:.{digits}f}]"


def print_rows(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]
        print(("  " + "  ".join(cells)).rstrip())


def print_table(title, taken):
    """A row of medians for each, [least..most]; columns of Usage.more that anybody has."""
    more = list(dict.fromkeys(key for usages in taken.values() for usage in usages for key in usage.more))
    rounds = len(next(iter(taken.values())))
    print(f"{title} (medians of {rounds} rounds in turn [least..most])")
    rows = [["", "wall s", *more, "user s", "sys s", "CPU s", "peak MB"]]
    for name, usages in taken.items():
        rows.append([name, spread([u.wall for u in usages]),
                     *(f"{statistics.median(u.more[key] for u in usages):.3f}" if key in usages[0].more else "-" for key in more),
                     *(f"{statistics.median(getattr(u, key) for u in usages):.3f}" for key in ("user", "sys", "cpu")),
                     f"{statistics.median(u.rss for u in usages):.1f}"])
    print_rows(rows)


def ratio(ours, theirs):
    pairs = [a / b for a, b in zip(ours, theirs) if b > 0]
    return spread(pairs, 3 if statistics.median(pairs) < 0.1 else 2) if pairs else "-"


def print_ratios(taken, first, *others, keys=("wall", "cpu", "rss")):
    """Of the first to each other, pair by pair: below 1 the first takes less."""
    words = {"wall": "wall", "cpu": "CPU", "rss": "memory"}

    def values(name, key):
        return [usage.more[key] if key in usage.more else getattr(usage, key) for usage in taken[name]]
    rows = [[f"{first} to", *(words.get(key, key) for key in keys)]]
    for other in others:
        rows.append([other, *(ratio(values(first, key), values(other, key)) for key in keys)])
    print_rows(rows)


# ---- the frame -------------------------------------------------------------------------------------------------------------

def main(benchmark):
    """Runs benchmark(folder) in a folder of its own."""
    if os.environ.get("OCS_SANITIZE", "none") != "none":
        print("SKIP: figures of a build with sanitizers say nothing: meson setup --buildtype=release")
        sys.exit(77)
    folder = new_folder()
    began = time.monotonic()
    try:
        load = os.getloadavg()[0]
        print(f"build: {os.environ.get('OCS_BUILDTYPE', '?')}; {os.cpu_count()} cores, load {load:.1f} before" +
              (": NOT QUIET, trust the ratios and the CPU times only" if load > 0.7 else ""))
        benchmark(folder)
        print(f"({time.monotonic() - began:.0f} s)")
    except Skip as reason:
        print(f"SKIP: {reason}")
        sys.exit(77)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
