#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the single cases in a testlog.json of meson (TAP lines, pytest's closing line, else the program itself), prints what failed with
the end of its log, and writes "passed failed skipped" to a file: count-cases.py TESTLOG COUNTS."""
import json
import re
import sys

TAIL = 40


def count_tap(text):
    passed = failed = skipped = 0
    for match in re.finditer(r'^(not )?ok\b[^#\n]*(#\s*(SKIP|TODO))?', text, re.M | re.I):
        directive = (match.group(3) or '').upper()
        if directive:
            skipped += 1
        elif match.group(1):
            failed += 1
        else:
            passed += 1
    return passed, failed, skipped


def count_pytest(text):
    lines = [line for line in text.split('\n') if re.search(r'\d+ (passed|failed|skipped|errors?)\b.* in [\d.]+s', line)]
    found = {}
    for number, word in re.findall(r'(\d+) (passed|failed|skipped|error|xfailed|xpassed)', lines[-1] if lines else ''):
        found[word] = int(number)
    return (found.get('passed', 0) + found.get('xfailed', 0), found.get('failed', 0) + found.get('error', 0) + found.get('xpassed', 0),
            found.get('skipped', 0))


def count(test):
    """(passed, failed, skipped) of one of meson's tests."""
    text = test.get('stdout') or ''
    passed, failed, skipped = (max(pair) for pair in zip(count_tap(text), count_pytest(text)))
    result = test['result']
    if result == 'SKIP':
        return passed, 0, max(skipped, 1)
    if result in ('OK', 'EXPECTEDFAIL'):
        return (passed or int(skipped == 0)), 0, skipped
    return passed, max(failed, 1), skipped


def main():
    total = [0, 0, 0]
    with open(sys.argv[1], encoding='utf-8') as stream:
        tests = [json.loads(line) for line in stream if line.strip()]
    for test in tests:
        counts = count(test)
        total = [a + b for a, b in zip(total, counts)]
        if counts[1]:
            print('FAILED: %s (%s)' % (test['name'], test['result']))
            lines = ((test.get('stdout') or '') + '\n' + (test.get('stderr') or '')).strip().split('\n')
            print('\n'.join('    ' + line for line in lines[-TAIL:]))
    with open(sys.argv[2], 'w', encoding='utf-8') as stream:
        stream.write('%d %d %d\n' % tuple(total))
    return 0


if __name__ == '__main__':
    sys.exit(main())
