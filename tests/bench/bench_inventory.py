# SPDX-License-Identifier: GPL-3.0-or-later
"""Collecting the inventory, without any network: ours, Debian's ocsinventory-agent, fusioninventory-inventory where it is installed, and
dpkg-query alone as the floor of what the list of packages costs."""
import re
import shutil
import subprocess
from pathlib import Path

import bench

SECTIONS = ("SOFTWARES", "LOCAL_USERS", "LOCAL_GROUPS", "CONTROLLERS", "NETWORKS", "DRIVES", "STORAGES", "MEMORIES", "REPOSITORY")


def sections(path):
    text = Path(path).read_text(errors="replace")
    found = [(name, len(re.findall(f"<{name}>", text))) for name in SECTIONS]
    return f"{len(text)} characters: " + ", ".join(f"{name} {n}" for name, n in found if n)


def programs_started(arguments, folder):
    """How many programs a command execs, itself included."""
    log = Path(folder) / "strace"
    subprocess.run(["strace", "-f", "-qq", "-e", "trace=execve,execveat", "-o", log, *map(str, arguments)], env=bench.CLEAN,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    text = log.read_text(errors="replace")
    # A call that another process interrupted in the trace ends on a line of its own.
    return len(re.findall(r"execve(?:at)?(?:\(| resumed).* = 0$", text, re.M))


def benchmark(folder):
    agent = bench.need_program("ocsinventory-agent", "peer")
    ini = folder / "ocsinventory.ini"
    ini.write_text("[HTTP]\n")
    commands = {
        "ours": [bench.WORKER, f"--config={ini}", "--print-inventory"],
        "ocsinventory-agent": [agent, "--stdout", "--nolocal", f"--basevardir={folder}"],
        "dpkg-query -W": ["dpkg-query", "-W"],
    }
    fusion = shutil.which("fusioninventory-inventory", path=bench.CLEAN["PATH"])
    if fusion is None:
        print("  fusioninventory-inventory: not beside, it is not installed (tests/install.sh peer)")
    else:
        commands["fusioninventory-inventory"] = [fusion]

    def runner(name):
        output = folder / name.split()[0]
        return lambda: bench.run(commands[name], folder, output)
    taken = bench.take_turns({name: runner(name) for name in commands}, bench.rounds(15))
    bench.print_table("Inventory", taken)
    bench.print_ratios(taken, *commands)
    for name in commands:
        if name != "dpkg-query -W":
            print(f"  {name}: {sections(folder / name)}")
    if shutil.which("strace"):
        print("  programs started: " + ", ".join(f"{name} {programs_started(command, folder)}" for name, command in commands.items()))
    else:
        print("  programs started: not counted, strace is not installed")


bench.main(benchmark)
