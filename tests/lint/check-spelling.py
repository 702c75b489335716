#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""codespell over what people read: check-spelling.py ROOT. Skipped (77) without codespell. A word that is right goes into words.txt."""
import os
import shutil
import subprocess
import sys

PLACES = ('README.md', 'ipc', 'worker', 'tray', 'tests', 'data')
SKIP = '*.png,*.svg,*.pyc,__pycache__,*.pem,*.json,fixtures,words.txt,*.po,*.policy'


def main():
    root = sys.argv[1]
    if not shutil.which('codespell'):
        print('codespell is not installed: apt-get install codespell')
        return 77
    places = [name for name in PLACES if os.path.exists(os.path.join(root, name))]
    words = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'words.txt')
    return subprocess.run(['codespell', '--skip', SKIP, '--ignore-words', words, '--'] + places, cwd=root).returncode and 1


if __name__ == '__main__':
    sys.exit(main())
