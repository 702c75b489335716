# SPDX-License-Identifier: GPL-3.0-or-later
"""A session with the real OCS server (Apache, mod_perl, MariaDB on loopback): the first one of a new machine, PROLOG and INVENTORY, and a
later one, PROLOG alone. Ours is the worker with both couriers, started and ended each time; the peer Debian's ocsinventory-agent.
The server's own part, which neither can help, is a column."""
import time
from pathlib import Path

import bench
from lab import Lab
from machine import Machine


class Sessions:
    """Runs sessions of new machines, each name in its own second, and asks Apache's log how much of each was the server's."""

    def __init__(self, lab, folder):
        self.lab, self.folder, self.count = lab, folder, 0

    def server_seconds(self, queries):
        """Of the log's last requests (%D is in microseconds)."""
        lines = Path(self.lab["OCS_ACCESS_LOG"]).read_text().splitlines()[-queries:]
        fields = [line.split("\t") for line in lines]
        assert all(field[2] == "POST" and field[4] == "200" for field in fields), lines
        return sum(int(field[6]) for field in fields) / 1e6

    def log_length(self):
        return len(Path(self.lab["OCS_ACCESS_LOG"]).read_text().splitlines())

    def session(self, arguments, queries):
        before = self.log_length()
        usage = bench.run(arguments, self.folder)
        seen = self.log_length() - before
        if seen != queries:
            raise RuntimeError(f"{seen} requests instead of {queries}: {arguments[0]}")
        usage.more["server s"] = self.server_seconds(queries)
        usage.more["own s"] = usage.wall - usage.more["server s"]
        return usage

    def new_folder(self):
        time.sleep(1.1)
        self.count += 1
        folder = self.folder / f"machine-{self.count}"
        folder.mkdir()
        return folder

    def ours(self):
        machine = Machine(self.new_folder(), Server=self.lab["OCS_URL"], CaBundle=self.lab.ca)
        return machine.arguments("--once")

    def peer(self):
        return [bench.need_program("ocsinventory-agent", "peer"), "--nolocal", f"--server={self.lab['OCS_URL']}",
                f"--basevardir={self.new_folder()}"]


def benchmark(folder):
    bench.need_program("ocsinventory-agent", "peer")
    bench.need_real_server()
    rounds = bench.rounds(7)
    with Lab(folder / "lab", "--real") as lab:
        sessions = Sessions(lab, folder)
        taken = bench.take_turns({"ours": lambda: sessions.session(sessions.ours(), 2),
                                  "ocsinventory-agent": lambda: sessions.session(sessions.peer(), 2)}, rounds)
        bench.print_table("Session of a new machine: PROLOG and INVENTORY", taken)
        bench.print_ratios(taken, "ours", "ocsinventory-agent", keys=("wall", "own s", "cpu", "rss"))
        print("  ours, the sum: " + bench.peaks_line(*bench.peaks(sessions.ours(), folder)))
        # From here on one inventory a day is enough for the server: it answers STOP to machines that it knows.
        lab.set_config("FREQUENCY", 1)
        known = []
        for arguments in (sessions.ours, sessions.peer):
            known.append(arguments())
            sessions.session(known[-1], 2)
        taken = bench.take_turns({"ours": lambda: sessions.session(known[0], 1),
                                  "ocsinventory-agent": lambda: sessions.session(known[1], 1)}, 2 * rounds + 1, 40)
        bench.print_table("Session of a known machine: PROLOG alone", taken)
        bench.print_ratios(taken, "ours", "ocsinventory-agent", keys=("wall", "own s", "cpu", "rss"))


bench.main(benchmark)
