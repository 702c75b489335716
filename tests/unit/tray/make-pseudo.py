#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A language that nobody speaks, for layouts: every message two fifths longer, between brackets. make-pseudo.py TRANSLATION.po OUTPUT.mo:
takes the messages of a complete translation, which must be the newest ones."""
import re
import subprocess
import sys


def longer(text):
    """Place holders, markup, escapes and the mnemonic stay as they are."""
    parts = re.split(r'(%[\d$]*[-+#0 ]*\d*(?:\.\d+)?[a-zA-Z%]|<[^>]*>|\\.|&\w+;)', text)
    grown = ''.join(part if i % 2 else re.sub(r'([aeiou])', r'\1\1\1', part) for i, part in enumerate(parts))
    end = r'\n' if grown.endswith(r'\n') else ''
    start = r'\n' if grown.startswith(r'\n') and end != grown else ''
    return start + '[' + grown[len(start):len(grown) - len(end)] + ']' + end


def main(source, target):
    text = open(source, encoding='utf-8').read()
    text = re.sub(r'"\n"', '', text)  # one line each
    blocks = []
    for block in text.split('\n\n'):
        found = re.search(r'^msgid "(.*)"$', block, re.M)
        if not found or not found.group(1):
            blocks.append(block)
            continue
        plural = re.search(r'^msgid_plural "(.*)"$', block, re.M)
        block = re.sub(r'^msgstr "(.*)"$', lambda _: 'msgstr "%s"' % longer(found.group(1)), block, flags=re.M)
        block = re.sub(r'^msgstr\[0\] "(.*)"$', lambda _: 'msgstr[0] "%s"' % longer(found.group(1)), block, flags=re.M)
        block = re.sub(r'^msgstr\[1\] "(.*)"$', lambda _: 'msgstr[1] "%s"' % longer(plural.group(1)), block, flags=re.M)
        blocks.append(block)
    subprocess.run(['msgfmt', '--check-format', '-o', target, '-'], input='\n\n'.join(blocks).encode(), check=True)


main(*sys.argv[1:])
