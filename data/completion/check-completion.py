#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program's --help names is completed, and nothing else: check-completion.py NAME PROGRAM. bash and fish are asked themselves, zsh,
which completes on a terminal only, is read; each shell that is installed also says whether the file is one of its own."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

name, program = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
FILES = {'bash': 'bash/' + name, 'zsh': 'zsh/_' + name, 'fish': 'fish/%s.fish' % name}
# GTK's own, which it documents itself.
FOREIGN = {'help-all', 'help-gtk', 'help-gapplication', 'display'}
BASH = 'source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "$(complete -p "$1" | sed "s/.*-F //; s/ .*//")" "$1" "${COMP_WORDS[COMP_CWORD]}" \
"${COMP_WORDS[COMP_CWORD - 1]}"; printf "%s\\n" "${COMPREPLY[@]}"'
# fish writes into it.
HOME = tempfile.TemporaryDirectory()
number = 0


def say(good, what, notes=()):
    global number
    number += 1
    print('%s %d - %s' % ('ok' if good else 'not ok', number, what))
    for note in notes:
        print('# ' + note)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ, LC_ALL='C', HOME=HOME.name), timeout=60)
    return done.returncode, done.stdout, done.stderr


def offered(shell, file, *words):
    """The words that the shell offers for these, the last of which has begun."""
    if shell == 'bash':
        return run('bash', '-c', BASH, file, name, *words)[1].split()
    return [line.split('\t')[0] for line in run('fish', '-N', '-c', 'source $argv[1]; complete -C "$argv[2]"', file,
                                                ' '.join([name, *words]))[1].splitlines()]


def options_in(shell, file, before):
    """Those that are offered after one of these words at least."""
    if shell == 'zsh':
        with open(file, encoding='utf-8') as stream:
            return set(re.findall(r"(?<![\w-])--([a-z][\w-]*)(?:\[|=\[|\})", stream.read()))
    return {word.strip('=')[2:] for words in before for word in offered(shell, file, *words, '--') if word.startswith('--')}


def commands_of(shown):
    """Of ocsctl, with what may follow them: [['contact'], ['inventory', 'send'] …]."""
    text = shown.split('Commands:')[1] if 'Commands:' in shown else ''
    return [re.match(r'[a-z]+(?: [a-z]+(?![|a-z]))?', line.strip()).group().split() for line in text.splitlines() if line.startswith('  ')]


def check_commands(shell, file, commands):
    for command in commands:
        if shell == 'zsh':
            with open(file, encoding='utf-8') as stream:
                text = stream.read()
            missing = [word for word in command if not re.search(r'\b%s\b' % word, text)]
        else:
            missing = [word for at, word in enumerate(command) if word not in offered(shell, file, *command[:at], word[:1])]
        yield from ('%s does not offer %s' % (file, word) for word in missing)


def main():
    shown = run(program, '--help')[1]
    wanted = set(re.findall(r'^\s+(?:-\w, )?--([\w-]+)', shown, re.M)) - FOREIGN
    commands = commands_of(shown)
    before = [[]] + commands + [['answer', '1', 'cancel']] * bool(commands)
    for shell, file in FILES.items():
        file = os.path.join(HERE, file)
        if shell != 'zsh' and not shutil.which(shell):
            print('# %s is not installed' % shell)
            continue
        if shutil.which(shell):
            code, _, errors = run(shell, '-n', file)
            say(code == 0, FILES[shell] + ' is understood', errors.splitlines())
        there = options_in(shell, file, before)
        notes = ['--%s is not completed: add it' % each for each in sorted(wanted - there)]
        notes += ['--%s is completed, but %s does not know it' % (each, name) for each in sorted(there - wanted)]
        notes += check_commands(shell, file, commands)
        say(len(wanted) > 2 and not notes, FILES[shell] + ' names what --help names', notes)
    print('1..%d' % number)


main()
