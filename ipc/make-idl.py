#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the interface files as C strings: make-idl.py OUT WORKER.varlink COURIER.varlink"""
import sys


def literal(path):
    with open(path, encoding='utf-8') as file:
        lines = file.read().splitlines()
    return '\n'.join('    "%s\\n"' % line.replace('\\', '\\\\').replace('"', '\\"') for line in lines)


def main(out, worker, courier):
    with open(out, 'w', encoding='utf-8') as file:
        file.write('#include "ipc/idl.h"\n')
        for name, path in (('worker', worker), ('courier', courier)):
            file.write('\nconst char *\nocs_idl_%s (void)\n{\n  return\n%s;\n}\n' % (name, literal(path)))


main(*sys.argv[1:])
