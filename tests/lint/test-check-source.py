#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lint itself: each rule sees what it must see and leaves good code alone."""
import importlib.util
import os
import sys
import tempfile
import unittest

spec = importlib.util.spec_from_file_location('check_source', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'check-source.py'))
check_source = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(check_source)

HEAD = '/* SPDX-License-Identifier: GPL-3.0-or-later */\n'


def messages(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), 'w', encoding='utf-8') as stream:
                stream.write(text)
        return ['%s:%d: %s' % found for found in check_source.check(root)]


class Rules(unittest.TestCase):
    def refuse(self, text, part, path='worker/io/x.c', **more):
        found = messages({path: HEAD + text, **more})
        self.assertTrue(any(part in message for message in found), found)

    def accept(self, text, path='worker/io/x.c', **more):
        self.assertEqual(messages({path: HEAD + text, **more}), [])

    def test_nothing(self):
        self.assertEqual(messages({}), [])

    def test_spdx(self):
        self.assertIn('SPDX', messages({'ipc/x.c': 'int\nf (void)\n{\n}\n'})[0])

    def test_pragma(self):
        self.refuse('int f (void);\n', 'pragma once', 'ipc/x.h')

    def test_arrows(self):
        io = HEAD + '#pragma once\n'
        self.refuse('#include "worker/io/y.h"\n', 'arrow', 'tray/x.c', **{'worker/io/y.h': io})
        self.refuse('#include "tray/y.h"\n', 'arrow', 'ipc/x.c', **{'tray/y.h': io})
        self.refuse('#include "worker/io/y.h"\n', 'arrow', 'worker/core/x.c', **{'worker/io/y.h': io})
        self.accept('#include "worker/io/y.h"\n', 'worker/x.c', **{'worker/io/y.h': io})
        self.accept('#include "worker/io/y.h"\n', 'tests/unit/x.c', **{'worker/io/y.h': io})

    def test_include_from_root(self):
        self.refuse('#include "y.h"\n', 'from the root', **{'worker/io/y.h': HEAD + '#pragma once\n'})

    def test_headers(self):
        self.refuse('#include <curl/curl.h>\n', 'courier')
        self.refuse('#include <archive.h>\n', 'ocs-run', 'worker/courier/x.c')
        self.refuse('#include <gio/gio.h>\n', 'pure', 'worker/core/x.c')
        self.accept('#include <curl/curl.h>\n', 'worker/courier/x.c')

    def test_cycle(self):
        files = {'ipc/a.h': HEAD + '#pragma once\n#include "ipc/b.h"\n', 'ipc/b.h': HEAD + '#pragma once\n',
                 'ipc/b.c': HEAD + '#include "ipc/a.h"\n#include "ipc/b.h"\n'}
        self.assertIn('circle', messages(files)[0])
        del files['ipc/b.c']
        self.assertEqual(messages(files), [])

    def test_function_length(self):
        self.refuse('int\nlong_one (void)\n{\n' + '  f ();\n' * 61 + '}\n', 'long_one() has 61 lines')
        self.accept('int\nf (void)\n{\n' + '  f ();\n' * 60 + '}\n')

    def test_file_length(self):
        self.refuse('\n' * 500, '501 lines')
        self.accept('\n' * 499)

    def test_nesting(self):
        self.refuse('int\nf (void)\n{\n          if (x)\n}\n', 'nested')
        self.accept('int\nf (void)\n{\n        if (x)\n            + 1;\n}\n')

    def test_calls(self):
        self.refuse('int\nf (void)\n{\n  strcpy (a, b);\n}\n', 'g_strlcpy')
        self.refuse('int\nf (void)\n{\n  goto out;\n}\n', 'goto')
        self.accept('int\nf (void)\n{\n  /* system (x) */ g ("goto system (x)"); a->system (x); my_system (x);\n}\n')
        self.refuse('int\nf (void)\n{\n  g_thing_sync (x);\n}\n', '_async', 'tray/x.c')
        self.refuse('int\nf (void)\n{\n  g_thing_sync (x);\n}\n', '_async', 'worker/x.c')
        self.accept('int\nf (void)\n{\n  g_thing_sync (x);\n}\n')
        self.refuse('int\nf (void)\n{\n  return time (0);\n}\n', 'pure', 'worker/core/x.c')

    def test_variables(self):
        for text in ('static int x;\n', 'static const char *x = 0;\n', 'static char *x[] = {0, 0};\n', 'GHashTable *table = NULL;\n',
                     'G_DEFINE_TYPE (A, a, B)\n\nstatic int x = 1;\n', 'int\nf (void)\n{\n}\nstatic int x;\n', 'static struct { int a; } x;\n'):
            self.refuse(text, 'can change')
            self.assertEqual(messages({'worker/main.c': HEAD + text}), [])
        for text in ('static const int x = 1;\n', 'static const char *const x[] = {"a;b", "{"};\n', 'typedef struct {\n  int a;\n} A;\n',
                     'struct _A {\n  int a;\n};\n', 'static int f (void);\n', 'int\nf (void)\n{\n  static const int x = 1;\n  int y = 2;\n}\n',
                     'enum { A, B };\n', 'static guint signals[2];\n', 'static GSourceFuncs funcs = {0};\n', 'static const struct { int a; } x[] = {{1}};\n',
                     '#define X 1;\n#define Y \\\n  static int x;\n', 'G_DEFINE_AUTOPTR_CLEANUP_FUNC (A, a_free)\n\nstatic int f (void);\n'):
            self.accept(text)

    def test_unused_result(self):
        self.refuse('#pragma once\ngboolean f (int a, GError **error);\n', 'G_GNUC_WARN_UNUSED_RESULT', 'ipc/x.h')
        self.accept('#pragma once\ngboolean f (int a, GError **error) G_GNUC_WARN_UNUSED_RESULT;\nvoid g (GError **error);\n'
                    'typedef gboolean (*F) (GError **error);\n', 'ipc/x.h')

    def test_log_domain(self):
        self.refuse('#define G_LOG_DOMAIN "ocs-y"\n', '"ocs-x"')
        self.accept('#define G_LOG_DOMAIN "ocs-x"\n')
        self.accept('#define G_LOG_DOMAIN "ocs-x"\n', 'worker/io/x-json.c')
        self.refuse('#define G_LOG_DOMAIN "ocs-x-json"\n', '"ocs-x"')

    def test_untested(self):
        self.refuse('\n', 'test-x.c', 'worker/core/x.c')
        self.accept('\n', 'worker/core/x.c', **{'tests/unit/core/test-x.c': HEAD})
        self.accept('\n', 'worker/core/x-json.c', **{'tests/unit/core/test-x.c': HEAD})


class Tap(unittest.TextTestResult):
    """One TAP line a case, so that cases are counted singly."""
    number = 0

    def say(self, word, test, note=''):
        Tap.number += 1
        print('%s %d - %s%s' % (word, Tap.number, test.id().split('.')[-1], note), flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say('ok', test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say('not ok', test)

    def addError(self, test, err):
        super().addError(test, err)
        self.say('not ok', test)


if __name__ == '__main__':
    outcome = unittest.main(testRunner=unittest.TextTestRunner(resultclass=Tap, verbosity=0), exit=False).result
    print('1..%d' % Tap.number)
    sys.exit(not outcome.wasSuccessful())
