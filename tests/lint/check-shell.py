#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""shellcheck over each shell script and bash completion: check-shell.py ROOT. Skipped (77) without shellcheck."""
import os
import re
import shutil
import subprocess
import sys

PLACES = ('.ci', 'data', 'tests')
SHELL = re.compile(rb'#!\s*/\S*\b(?:ba|da)?sh\b')


def scripts(root):
    for place in PLACES:
        for folder, folders, names in os.walk(os.path.join(root, place)):
            folders[:] = [name for name in folders if not name.startswith('__')]
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path):
                    with open(path, 'rb') as stream:
                        if SHELL.match(stream.read(80)):
                            yield path


def check(files, *options):
    # 1091: what is sourced belongs to somebody else.
    return subprocess.run(['shellcheck', '--exclude=SC1091', *options, *files]).returncode


def main():
    root = sys.argv[1]
    if not shutil.which('shellcheck'):
        print('shellcheck is not installed: apt-get install shellcheck')
        return 77
    found = sorted(scripts(root))
    completion = os.path.join(root, 'data/completion/bash')
    if not found:
        print('no script found below %s: name the root of the project' % root)
        return 1
    return (check(found) | check([os.path.join(completion, name) for name in sorted(os.listdir(completion))], '--shell=bash')) and 1


if __name__ == '__main__':
    sys.exit(main())
