#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the arrows between the layers and a few habits. Reads the C sources below ROOT, prints what is wrong and what to do
instead, one line each. Must not fail on folders that do not exist yet, and needs nothing but Python."""
import os
import re
import sys

FUNCTION_MAX = 60
FILE_MAX = 500
NESTING_MAX = 4
TOPS = ('ipc', 'worker', 'tray', 'tests')

# Who may include whom; the longest matching folder counts. tests may include everything.
ARROWS = {
    'ipc': ('ipc',),
    'worker/core': ('ipc', 'worker/core'),
    'worker/io': ('ipc', 'worker/core', 'worker/io'),
    'worker/inventory': ('ipc', 'worker/core', 'worker/inventory'),
    'worker/courier': ('ipc', 'worker/core', 'worker/courier'),
    'worker/sign': ('ipc', 'worker/core', 'worker/sign'),
    'worker/run': ('ipc', 'worker/core', 'worker/io', 'worker/run'),
    'worker': ('ipc', 'worker'),
    'tray': ('ipc', 'tray'),
}

# System headers that belong to some folders only: (pattern, folders that may, why).
HEADERS = (
    (r'curl/', ('worker/courier',), 'only the courier speaks to the network'),
    (r'libxml/', ('worker/courier',), 'only the courier reads XML'),
    (r'zlib\.h', ('worker/courier',), 'only the courier unpacks what comes from the network'),
    (r'seccomp\.h', ('worker/courier',), 'only the courier is confined by itself'),
    (r'archive(_entry)?\.h', ('worker/run', 'tray'), 'ocs-run reads archives, ocsctl writes its report'),
    (r'gtk/|libayatana', ('tray',), 'only the tray has a display'),
)

BANNED = {
    'strcpy': 'g_strdup() or g_strlcpy()',
    'strcat': 'GString',
    'sprintf': 'g_strdup_printf() or g_snprintf()',
    'vsprintf': 'g_strdup_vprintf()',
    'gets': 'fgets()',
    'strtok': 'g_strsplit()',
    'strerror': 'g_strerror(), which is UTF-8 and safe',
    'atoi': 'g_ascii_string_to_signed() with its error',
    'atol': 'g_ascii_string_to_signed() with its error',
    'atof': 'g_ascii_strtod()',
    'system': 'GSubprocess with an argument vector',
    'popen': 'GSubprocess with an argument vector',
    'tmpnam': 'g_mkstemp()',
    'mktemp': 'g_mkstemp()',
    'alloca': 'g_malloc() with g_autofree',
    'g_alloca': 'g_malloc() with g_autofree',
    'g_error': 'a GError: a daemon must not abort on what it meets',
    'usleep': 'a GSource, or g_usleep() in a thread of its own',
}

# What makes worker/core depend on the world outside; time and chance come in as arguments.
IMPURE_HEADERS = r'(gio/|unistd\.h|fcntl\.h|sys/(socket|stat|types\.h|file|mman)|netinet/|arpa/|pthread\.h|netdb\.h|glib/gstdio\.h)'
IMPURE_CALLS = {
    'time': 'take the time as an argument',
    'g_get_real_time': 'take the time as an argument',
    'g_get_monotonic_time': 'take the time as an argument',
    'g_date_time_new_now': 'take the time as an argument',
    'g_date_time_new_now_local': 'take the time as an argument',
    'g_date_time_new_now_utc': 'take the time as an argument',
    'g_random_int': 'take the random number as an argument',
    'g_random_int_range': 'take the random number as an argument',
    'g_random_double': 'take the random number as an argument',
    'RAND_bytes': 'take the random bytes as an argument',
    'getenv': 'take the value as an argument',
    'g_getenv': 'take the value as an argument',
    'fopen': 'take the bytes as an argument; worker/io reads files',
    'open': 'take the bytes as an argument; worker/io reads files',
    'g_file_get_contents': 'take the bytes as an argument; worker/io reads files',
    'g_file_set_contents': 'return the bytes; worker/io writes files',
    'g_thread_new': 'stay pure; a GTask of worker/io may call you',
}

KEYWORDS = {'if', 'for', 'while', 'switch', 'return', 'sizeof', 'do', 'else'}


def blank(text):
    """Comments, strings and characters become spaces; lines and columns stay."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)

    def replace(match):
        found = match.group(0)
        if found[0] in '"\'':
            return found[0] + re.sub(r'[^\n]', ' ', found[1:-1]) + found[0]
        return re.sub(r'[^\n]', ' ', found)
    return pattern.sub(replace, text)


def without_preprocessor(code):
    return re.sub(r'^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', lambda match: re.sub(r'[^\n]', ' ', match.group(0)), code, flags=re.M)


def layer_of(path):
    """The longest folder of ARROWS that path lies in; None for tests."""
    found = [layer for layer in ARROWS if path.startswith(layer + '/')]
    return max(found, key=len) if found else None


class Source:
    def __init__(self, root, path):
        self.path = path
        with open(os.path.join(root, path), encoding='utf-8', errors='replace') as stream:
            self.text = stream.read()
        self.lines = self.text.split('\n')
        self.blanked = blank(self.text)
        self.code = without_preprocessor(self.blanked)
        self.layer = layer_of(path)
        self.includes = [(number + 1, match.group(1), match.group(2)) for number, line in enumerate(self.lines)
                         for match in [re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)] if match]

    def calls(self):
        """(line, name) of whatever looks like a call and is no member."""
        for match in re.finditer(r'(?<![\w.>])([A-Za-z_]\w*)\s*\(', self.code):
            if match.group(1) not in KEYWORDS:
                yield self.code.count('\n', 0, match.start()) + 1, match.group(1)

    def functions(self):
        """(first line, name, lines in the body)"""
        rows = self.code.split('\n')
        start = None
        for number, row in enumerate(rows):
            if row.rstrip() == '{':
                start = number
            elif start is not None and row.startswith('}'):
                head = '\n'.join(rows[max(0, start - 12):start])
                names = re.findall(r'^(\w+) \(', head, re.M)
                yield start + 1, names[-1] if names else '?', number - start - 1
                start = None


def check_form(source):
    if '/* SPDX-License-Identifier: GPL-3.0-or-later */' != source.lines[0]:
        yield 1, 'begin with: /* SPDX-License-Identifier: GPL-3.0-or-later */'
    if source.path.endswith('.h') and '#pragma once' not in source.text:
        yield 1, 'add: #pragma once'
    count = len(source.lines) - 1
    if count > FILE_MAX:
        yield count, 'the file has %d lines, at most %d: split it by what it does' % (count, FILE_MAX)
    for line, name, length in source.functions():
        if length > FUNCTION_MAX:
            yield line, '%s() has %d lines, at most %d: name its steps as functions' % (name, length, FUNCTION_MAX)
    for number, row in enumerate(source.code.split('\n')):
        match = re.match(r'( +)(?:\} )?(if|for|while|switch|do|else)\b', row)
        if match and len(match.group(1)) // 2 > NESTING_MAX:
            yield number + 1, 'nested more than %d deep: return early or name the inner part as a function' % NESTING_MAX
        if re.search(r'\bgoto\b', row):
            yield number + 1, 'goto: use g_autoptr() and return, or a function of its own'
    stem = os.path.basename(source.path)[:-2]
    domain = re.search(r'^#define G_LOG_DOMAIN "([^"]*)"', source.text, re.M)
    if domain and source.layer and stem != 'main' and not ('ocs-' + stem + '-').startswith(domain.group(1) + '-'):
        yield 1, 'the log domain of this file is "ocs-%s", not "%s"' % (stem, domain.group(1))


def check_calls(source):
    asynchronous = source.layer == 'tray' or (source.layer == 'worker' and source.path.count('/') == 1)
    for line, name in source.calls():
        # Out of memory is the one thing that nobody can answer; GLib aborts there too.
        excused = name == 'g_error' and 'no memory' in source.lines[line - 1]
        if name in BANNED and not excused and not (source.layer is None and name in ('g_error', 'usleep')):
            yield line, '%s() is not used here: use %s' % (name, BANNED[name])
        if asynchronous and name.endswith('_sync'):
            yield line, '%s() blocks the main loop: use the _async form' % name
        if source.layer == 'worker/core' and name in IMPURE_CALLS:
            yield line, '%s() in worker/core, which is pure: %s' % (name, IMPURE_CALLS[name])


def check_includes(source, paths):
    for line, mark, name in source.includes:
        if mark == '<':
            for pattern, folders, why in HEADERS:
                if source.layer and source.layer not in folders and re.match(pattern, name):
                    yield line, '<%s> belongs to %s: %s' % (name, ', '.join(folders), why)
            if source.layer == 'worker/core' and re.match(IMPURE_HEADERS, name):
                yield line, '<%s> in worker/core, which is pure: let the caller do it and pass the value' % name
        elif name not in paths:
            here = os.path.join(os.path.dirname(source.path), name)
            if here in paths:
                yield line, 'write the include from the root: "%s"' % here
        elif source.layer and not any(name.startswith(folder + '/') for folder in ARROWS[source.layer]):
            yield line, '%s may include %s only, not "%s": turn the arrow round with an argument or a callback' % (
                source.layer, ', '.join(ARROWS[source.layer]), name)


def declarations(code):
    """(line, text) of each declaration at file scope; bodies in braces are left out."""
    text, depth, line, start, head = '', 0, 1, 1, ''
    macro = re.compile(r'^\s*(?:G_DEFINE|G_DECLARE|JSON_DEFINE)\w*\s*\((?:[^()]|\([^()]*\))*\)')
    for char in code:
        if char == '\n':
            line += 1
        if depth == 0 and char not in '{};':
            if not text.strip():
                start = line
            text = macro.sub('', text + char)
        elif char == '{':
            if depth == 0:
                head = text
            depth += 1
        elif char == '}':
            depth = max(depth - 1, 0)
            if depth == 0:
                is_function = '=' not in head and '(' in head and not re.match(r'\s*(typedef|enum|struct\s+\w*\s*$)', head)
                text = '' if is_function else head + ' {} '
        elif char == ';' and depth == 0:
            yield start, text.strip()
            text = ''


def check_variables(source):
    if source.layer is None or source.path.endswith('/main.c'):
        return
    for line, text in declarations(source.code):
        head = re.sub(r'\[[^\]]*\]', '', text.split('=')[0]).strip()
        if not head or '(' in head or re.match(r'(typedef|extern|G_STATIC_ASSERT|static_assert|_Static_assert)\b', head):
            continue
        if re.match(r'(struct|union|enum)\s*\w*\s*(\{\})?$', head):
            continue
        name = re.findall(r'\w+', head)[-1]
        constant = 'const' in (head.rsplit('*', 1)[1] if '*' in head else head).split()
        # GObject's own form of a class's tables, and what g_source_new() takes without a const.
        if not constant and name not in ('signals', 'properties') and 'GSourceFuncs' not in head.split():
            yield line, 'file-scope variable %s can change: make it const, or a field of what owns it' % name


def check_prototypes(source):
    if source.layer is None or not source.path.endswith('.h'):
        return
    for line, text in declarations(source.code):
        if re.search(r'GError\s*\*\*\s*\w+\s*\)', text) and 'G_GNUC_WARN_UNUSED_RESULT' not in text:
            if not re.match(r'(static inline\s+)?(void|typedef)\b(?!\s*\*)', text):
                yield line, 'this function can fail: end its prototype with G_GNUC_WARN_UNUSED_RESULT'


def module_of(path):
    return re.sub(r'\.[ch]$', '', path)


def find_cycles(sources):
    """Strongly connected modules (x.c and x.h are one), by Tarjan."""
    edges = {}
    for source in sources:
        if source.layer:
            edges.setdefault(module_of(source.path), set()).update(
                module_of(name) for _, mark, name in source.includes if mark == '"' and name.endswith('.h'))
    order, low, stack, cycles = {}, {}, [], []

    def visit(module):
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in edges or other == module:
                continue
            if other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            at = stack.index(module)
            if len(stack) - at > 1:
                cycles.append(sorted(stack[at:]))
            del stack[at:]
    sys.setrecursionlimit(10000)
    for module in sorted(edges):
        if module not in order:
            visit(module)
    return cycles


def find_untested(paths):
    for path in sorted(paths):
        match = re.match(r'worker/core/(([\w]+)[\w-]*)\.c$', path)
        if match and not paths.intersection('tests/unit/core/test-%s.c' % stem for stem in match.groups()):
            yield path, 'a file of worker/core has a unit test: write tests/unit/core/test-%s.c' % match.group(1)


def collect(root):
    paths = set()
    for top in TOPS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [name for name in folders if not name.startswith(('build', '.'))]
            paths.update(os.path.relpath(os.path.join(folder, name), root) for name in names if name.endswith(('.c', '.h')))
    return paths


def check(root):
    """All that is wrong, as (path, line, message)."""
    paths = collect(root)
    sources = [Source(root, path) for path in sorted(paths)]
    for source in sources:
        for rule in (check_form, check_calls, check_variables, check_prototypes):
            for line, message in rule(source):
                yield source.path, line, message
        for line, message in check_includes(source, paths):
            yield source.path, line, message
    for cycle in find_cycles(sources):
        yield cycle[0], 1, 'includes go round in a circle (%s): move what they share below them' % ' ↔ '.join(cycle)
    for path, message in find_untested(paths):
        yield path, 1, message


def main():
    if len(sys.argv) != 2:
        print('usage: check-source.py ROOT', file=sys.stderr)
        return 2
    count = 0
    for path, line, message in check(sys.argv[1]):
        print('%s:%d: %s' % (path, line, message))
        count += 1
    print('%d files, %d to mend' % (len(collect(sys.argv[1])), count))
    return 1 if count else 0


if __name__ == '__main__':
    sys.exit(main())
