#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the single cases in a testlog.json of meson (TAP lines, pytest's closing line, else the program itself), prints what failed with
the end of its log, and writes "passed failed skipped" to a file: count-cases.py TESTLOG COUNTS [AGAIN]. AGAIN is the log of those that
failed, tried once more by themselves: its results count, and what passed only then is named. count-cases.py --failed TESTLOG names them."""
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


def read(path):
    with open(path, encoding='utf-8') as stream:
        return [json.loads(line) for line in stream if line.strip()]


def main():
    if sys.argv[1] == '--failed':
        print('\n'.join(test['name'].rsplit(' / ', 1)[-1] for test in read(sys.argv[2]) if count(test)[1]))
        return 0
    total = [0, 0, 0]
    tests = read(sys.argv[1])
    again = {test['name']: test for test in read(sys.argv[3])} if len(sys.argv) > 3 else {}
    for test in tests:
        if test['name'] in again and not count(again[test['name']])[1]:
            print('UNSTABLE: %s failed beside the others and passed by itself' % test['name'])
            lines = (test.get('stdout') or '').strip().split('\n')
            print('\n'.join('    ' + line for line in lines if re.match(r'(E  |FAILED|ERROR|not ok)', line)))
    tests = [again.get(test['name'], test) for test in tests]
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
