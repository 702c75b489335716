#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every C file stands as clang-format 14 writes it (other versions differ): check-format.py ROOT. Skipped (77) without it."""
import os
import re
import shutil
import subprocess
import sys

TOPS = ('ipc', 'worker', 'tray', 'tests')


def find_formatter():
    for name in ('clang-format-14', 'clang-format'):
        path = shutil.which(name)
        if path and re.search(r'version 14\.', subprocess.run([path, '--version'], capture_output=True, text=True).stdout):
            return path
    return None


def main():
    root = sys.argv[1]
    formatter = find_formatter()
    if not formatter:
        print('clang-format 14 is not installed: apt-get install clang-format')
        return 77
    paths = [os.path.join(folder, name) for top in TOPS for folder, _, names in os.walk(os.path.join(root, top))
             for name in sorted(names) if name.endswith(('.c', '.h'))]
    wrong = [path for path in paths
             if subprocess.run([formatter, '--style=file', '--dry-run', '-Werror', path], capture_output=True).returncode != 0]
    for path in wrong:
        print('%s: run clang-format -i on it' % os.path.relpath(path, root))
    print('%d files, %d to mend' % (len(paths), len(wrong)))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
