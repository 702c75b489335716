#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual says what the programs say: check-pages.py FOLDER ROOT. Each page is clean for mandoc, names each option of its program's
--help and no other, and each command; ocsinventory.ini(5) names each key of the table in the source. The programs are named by
environment variables (ocsctl=PATH)."""
import os
import re
import shutil
import subprocess
import sys

folder, root = sys.argv[1:]
PAGES = {'ocsctl': 1, 'ocs-tray': 1, 'ocs-worker': 8, 'ocs-courier': 8, 'ocs-pac': 8, 'ocs-run': 8, 'ocs-sign': 1, 'ocsinventory.ini': 5}
number = 0


def say(good, name, notes=()):
    global number
    number += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', number, name))
    for note in notes:
        print('# ' + note)
    return good


def skip(name, why):
    global number
    number += 1
    print('ok %d - %s # SKIP %s' % (number, name, why))


def check_form(page):
    if not shutil.which('mandoc'):
        return skip(page + ' is clean', 'mandoc is not installed')
    done = subprocess.run(['mandoc', '-T', 'lint', '-W', 'style', page], cwd=folder, capture_output=True, text=True)
    # Generated lines are as long as the sentences in the table.
    notes = [line for line in done.stdout.splitlines() if not (page.endswith('.5') and 'longer than 80 bytes' in line)
             and not ('referenced manual not found: Xr ocs-tray' in line and not os.environ.get('ocs-tray'))]
    say(not notes, page + ' is clean', notes)


def help_of(program):
    return subprocess.run([program, '--help'], capture_output=True, text=True, env=dict(os.environ, LC_ALL='C'), check=True).stdout


def check_options(page, name, program):
    shown = help_of(program)
    wanted = set(re.findall(r'^\s+(?:-\w, )?--([\w-]+)', shown, re.M))
    with open(os.path.join(folder, page), encoding='utf-8') as stream:
        text = stream.read()
    # The display is GTK's own option, which it documents itself.
    wanted -= {'help-all', 'help-gtk', 'help-gapplication', 'display'}
    there = set(re.findall(r'^\.It Fl (?:\w , Fl )?-([\w-]+)', text, re.M))
    notes = ['--%s is not in %s: say what it does' % (each, page) for each in sorted(wanted - there)]
    notes += ['--%s is in %s, but %s does not know it' % (each, page, name) for each in sorted(there - wanted)]
    if name == 'ocsctl':
        for command in re.findall(r'^  (\w+(?: [a-z]+)?)  ?', shown.split('Commands:')[1], re.M):
            if not re.search(r'^\.It Cm %s\b' % command, text, re.M):
                notes.append('the command %s is not in %s' % (command, page))
    say(bool(wanted) and not notes, page + ' names the options', notes)


def check_keys(page):
    with open(os.path.join(root, 'worker/core/settings.c'), encoding='utf-8') as stream:
        wanted = re.findall(r'^    \{[A-Z]+, "(\w+)", OCS_SETTINGS_', stream.read(), re.M)
    with open(os.path.join(folder, page), encoding='utf-8') as stream:
        there = re.findall(r'^\.It Cm (\w+)', stream.read(), re.M)
    say(len(wanted) > 20 and wanted == there, page + ' names the keys', ['source: %s, page: %s' % (wanted, there)] if wanted != there else [])


def main():
    for name, section in PAGES.items():
        page = '%s.%d' % (name, section)
        program = os.environ.get(name)
        if name == 'ocsinventory.ini':
            check_form(page)
            check_keys(page)
        elif program:
            check_form(page)
            check_options(page, name, program)
        else:
            skip(page, 'the program is not built')
    print('1..%d' % number)


main()
