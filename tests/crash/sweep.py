# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash sweep by hand: sweep.py [--long] [--seed=N] [--moments=N]. Each operation of the worker and of ocs-run in turn is where they
die, with and without the loss of what was not synced, or where the disk is full or broken; and kill -9 at random moments."""
import argparse
import collections
import random
import tempfile
import time

from rig import ERRORS, Rig, count, die_at, fail_at, kill_at_random
from lab import TestServer


def every(moments, most, generator):
    """All of them, or so many spread over them."""
    moments = list(moments)
    return moments if most is None or len(moments) <= most else sorted(generator.sample(moments, most))


def sweep(rig, generator, most, at_random, say=print):
    """most: of each kind, None for all. Returns how many moments were tried."""
    tally, tried, started = collections.Counter(), 0, time.monotonic()
    for program in ("ocs-worker", "ocs-run"):
        operations = count(rig, program)
        say(f"{program}: {operations} operations")
        for lose in (False, True):
            for moment in every(range(1, operations + 1), most, generator):
                tally[program, "dies, unsynced lost" if lose else "dies", die_at(rig, program, moment, lose)] += 1
                tried += 1
        for name, number in ERRORS.items():
            for moment in every(range(1, operations + 1), most, generator):
                tally[program, name, fail_at(rig, program, moment, number)] += 1
                tried += 1
    number, mark = rig.offer()
    begun = time.monotonic()
    rig.once()
    longest = time.monotonic() - begun
    rig.check(number, mark, ("SUCCESS",))
    for _ in range(at_random):
        who, result = kill_at_random(rig, generator, longest)
        tally[who, "killed", result] += 1
        tried += 1
    for (program, what, result), times in sorted(tally.items()):
        say(f"  {program:12} {what:20} {result:24} {times}")
    say(f"{tried} moments in {time.monotonic() - started:.0f} s: no package lost, none run twice, none unreported")
    return tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help="every operation, and 1000 random moments")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--moments", type=int, help="random moments")
    options = parser.parse_args()
    generator = random.Random(options.seed)
    random.seed(options.seed)
    with tempfile.TemporaryDirectory(prefix="ocs-crash.") as folder, TestServer(folder + "/server") as server:
        rig = Rig(server, folder)
        print(f"seed {options.seed}")
        sweep(rig, generator, None if options.long else 5, options.moments if options.moments is not None else 1000 if options.long else 10)


if __name__ == "__main__":
    main()
