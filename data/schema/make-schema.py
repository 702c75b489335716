#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the JSON schema of `ocsctl --json status` from the interface file, so that there is one truth: make-schema.py INTERFACE
prints it, make-schema.py INTERFACE SCHEMA says whether that file is the same."""
import json
import re
import sys

SIMPLE = {'string': 'string', 'int': 'integer', 'bool': 'boolean', 'float': 'number', 'object': 'object'}


class Reader:
    def __init__(self, text):
        self.types = {}
        for comment, name, body in re.findall(r'((?:^#[^\n]*\n)*)^type (\w+) (\((?:[^()]|\([^()]*\))*\))', text, re.M):
            lines = [line.lstrip('# ').rstrip() for line in comment.splitlines()]
            body = re.sub(r'#[^\n]*', '', body)
            self.types[name] = (' '.join(lines), body)
        self.used = []

    def type(self, text):
        text = text.strip()
        if text.startswith('?'):
            return {'anyOf': [self.type(text[1:]), {'type': 'null'}]}
        if text.startswith('[]'):
            return {'type': 'array', 'items': self.type(text[2:])}
        if text.startswith('[string]'):
            return {'type': 'object', 'additionalProperties': self.type(text[8:])}
        if text.startswith('('):
            return self.fields(text)
        if text in SIMPLE:
            return {'type': SIMPLE[text]}
        if text not in self.used:
            self.used.append(text)
        return {'$ref': '#/$defs/' + text}

    def fields(self, body):
        inner = body.strip()[1:-1]
        parts, depth, start = [], 0, 0
        for at, char in enumerate(inner):
            depth += (char == '(') - (char == ')')
            if char == ',' and depth == 0:
                parts.append(inner[start:at])
                start = at + 1
        parts = [part.strip() for part in parts + [inner[start:]] if part.strip()]
        if not any(':' in part for part in parts):
            return {'type': 'string', 'enum': parts}
        properties, required = {}, []
        for part in parts:
            name, _, kind = part.partition(':')
            properties[name.strip()] = self.type(kind)
            if not kind.strip().startswith('?'):
                required.append(name.strip())
        return {'type': 'object', 'properties': properties, 'required': required}


def main(path):
    with open(path, encoding='utf-8') as file:
        reader = Reader(file.read())
    definitions = {}
    schema = {
        '$schema': 'https://json-schema.org/draft/2020-12/schema',
        'title': 'What `ocsctl --json status` prints',
        'description': 'Times are seconds since the Unix epoch, 0 where there was none; sizes are bytes. Fields are only ever added, and '
                       'lists of names may grow: ignore what you do not know. What the caller may not see is absent.',
        'type': 'object',
        'properties': {'status': reader.type('Status')},
        'required': ['status'],
    }
    for name in reader.used:  # grows meanwhile
        comment, body = reader.types[name]
        definitions[name] = {**({'description': comment} if comment else {}), **reader.fields(body)}
    schema['$defs'] = {name: definitions[name] for name in sorted(definitions)}
    return json.dumps(schema, indent=2, ensure_ascii=False) + '\n'


made = main(sys.argv[1])
if len(sys.argv) == 2:
    sys.stdout.write(made)
elif open(sys.argv[2], encoding='utf-8').read() != made:
    sys.exit('%s is not what the interface says: data/schema/make-schema.py %s >%s' % (sys.argv[2], sys.argv[1], sys.argv[2]))
