#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the NEEDED libraries of a program and fails where it links what its place in the design forbids:
check-needed.py PROGRAM LIBRARY… (libcurl for libcurl.so.4 and libcurl-gnutls.so.4)."""
import re
import subprocess
import sys


def main():
    if len(sys.argv) < 3:
        print('usage: check-needed.py PROGRAM LIBRARY…', file=sys.stderr)
        return 2
    program, forbidden = sys.argv[1], sys.argv[2:]
    text = subprocess.run(['readelf', '-d', program], check=True, capture_output=True, text=True).stdout
    needed = re.findall(r'\(NEEDED\).*\[([^\]]+)\]', text)
    if not needed:
        print('%s: no NEEDED entry: is it a dynamic program?' % program)
        return 1
    wrong = [(name, library) for name in needed for library in forbidden if re.match(re.escape(library) + r'[-.]', name)]
    for name, library in wrong:
        print('%s links %s: bytes from the network are for the courier, archives for ocs-run; move the code there' % (program, name))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
