# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash sweep by hand: sweep.py [--long] [--seed=N] [--moments=N] [--only=operations|moments]. Each operation of the worker and of ocs-run
in turn is where they die, with and without the loss of what was not synced, or where the disk is full or broken: for a plain package, for one
of which a fragment is to be healed, and for one with a command of POSTCMD. And kill -9 at random moments, of each fifth while somebody answers
a question. What goes wrong is said at once and the sweep goes on with the next; it exits 1 at the end. OCS_CRASH_KEEP: a folder for the
machines that went wrong."""
import argparse
import collections
import itertools
import random
import subprocess
import sys
import tempfile
import time

from rig import Rig
from trials import ERRORS, KINDS, count, die_at, fail_at, kill_at_random, kill_while_asked
from lab import TestServer


def every(moments, most, generator):
    """All of them, or so many spread over them."""
    moments = list(moments)
    return moments if most is None or len(moments) <= most else sorted(generator.sample(moments, most))


class Sweep:
    def __init__(self, rig, generator, say=print):
        self.rig, self.generator, self.say = rig, generator, say
        self.tally, self.tried, self.wrong, self.started = collections.Counter(), 0, [], time.monotonic()

    def attempt(self, program, what, moment, trial):
        """The trial gives the result, or who and the result."""
        self.tried += 1
        try:
            result = trial()
            self.tally[(program, what, result) if program else (result[0], what, result[1])] += 1
        except (AssertionError, ValueError, OSError, subprocess.TimeoutExpired) as error:
            self.wrong.append(f"{program} {what} at {moment}: {error}")
            self.say(self.wrong[-1])
            self.rig.give_up()
        if self.tried % 100 == 0:
            self.say(f"  {self.tried} moments after {time.monotonic() - self.started:.0f} s, {len(self.wrong)} went wrong")

    def operations(self, most=None):
        """most: of each program and kind of package, one each for each way to end; None for all."""
        for program, kind in itertools.product(("ocs-worker", "ocs-run"), KINDS):
            operations = count(self.rig, program, kind)
            self.say(f"{program}: {operations} operations for a package, {kind}")
            ways = [("dies, unsynced lost" if lose else "dies", lambda at, lose=lose: die_at(self.rig, program, kind, at, lose)) for lose in (False, True)]
            ways += [(name, lambda at, number=number: fail_at(self.rig, program, kind, at, number)) for name, number in ERRORS.items()]
            for what, trial in ways:
                for moment in every(range(1, operations + 1), most, self.generator):
                    self.attempt(program, f"{kind}, {what}", moment, lambda: trial(moment))

    def moments(self, many):
        """One of five is killed while somebody answers a question."""
        number, mark = self.rig.offer()
        begun = time.monotonic()
        self.rig.once()
        longest = time.monotonic() - begun
        self.rig.check(number, mark, ("SUCCESS",))
        for i in range(many):
            # One number each: the choice of a moment does not hang on how the one before it went.
            chance = random.Random(self.generator.random())
            if i % 5 == 4:
                self.attempt(None, "killed", i + 1, lambda: kill_while_asked(self.rig, chance))
            else:
                kind = KINDS[i % len(KINDS)]
                self.attempt(None, f"{kind}, killed", i + 1, lambda: kill_at_random(self.rig, chance, kind, longest))

    def end(self):
        """Returns how many moments were tried."""
        for (program, what, result), times in sorted(self.tally.items()):
            self.say(f"  {program:14} {what:25} {result:24} {times}")
        self.say(f"{self.tried} moments in {time.monotonic() - self.started:.0f} s: "
                 + (f"{len(self.wrong)} went wrong" if self.wrong else "no package lost, none run twice, none unreported"))
        return self.tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help="every operation, and 1000 random moments")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--moments", type=int, help="random moments")
    parser.add_argument("--only", choices=("operations", "moments"))
    options = parser.parse_args()
    generator = random.Random(options.seed)
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="ocs-crash.") as folder, TestServer(folder + "/server") as server:
        rig = Rig(server, folder)
        print(f"seed {options.seed}", flush=True)
        sweep = Sweep(rig, generator, lambda text: print(text, flush=True))
        if options.only != "moments":
            sweep.operations(None if options.long else 2)
        if options.only != "operations":
            sweep.moments(options.moments if options.moments is not None else 1000 if options.long else 10)
        sweep.end()
    return 1 if sweep.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
