#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every string of the sources in po/POTFILES is translated in every language of po/LINGUAS, with its place holders. Prints what is missing.
check-translations.py ROOT; ends 77 where gettext is not installed."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

KEYWORDS = ("_", "N_", "C_:1c,2", "NC_:1c,2", "g_dcgettext:2", "g_dngettext:2,3", "g_dpgettext2:2c,3")


def run(*command, root):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def check(root, language, template, folder):
    merged = os.path.join(folder, language + ".po")
    status, _, errors = run("msgmerge", "-q", "--no-fuzzy-matching", "-o", merged, f"po/{language}.po", template, root=root)
    if status:
        return [errors.strip()]
    missing = []
    for which in ("--untranslated", "--only-fuzzy"):
        _, found, _ = run("msgattrib", which, "--no-obsolete", "--no-wrap", merged, root=root)
        entries = found.strip().split("\n\n")[1:]  # without the head
        missing += [f"po/{language}.po: not translated: " + " ".join(line for line in each.splitlines() if line[:1] != "#") for each in entries]
    status, _, errors = run("msgfmt", "--check-format", "--check-domain", "-o", os.devnull, merged, root=root)
    return missing + ([errors.strip()] if status else [])


def unmarked(root):
    """Keys of the ini whose help is not marked; those that are ignored are not shown."""
    with open(os.path.join(root, "worker/core/settings.c"), encoding="utf-8") as file:
        rows = re.findall(r"^    \{[A-Z]+, \"(\w+)\",(.*?)\},$", file.read(), re.M | re.S)
    assert len(rows) > 50
    return [f"worker/core/settings.c: the help of {key} is not marked with N_ ()" for key, row in rows
            if "OCS_SETTINGS_IGNORED" not in row and "N_ (" not in row]


def main():
    root = sys.argv[1]
    if not all(shutil.which(program) for program in ("xgettext", "msgmerge", "msgattrib", "msgfmt")):
        print("gettext is not installed")
        return 77
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(root, "po/LINGUAS"), encoding="utf-8") as file:
        template = os.path.join(folder, "all.pot")
        status, _, errors = run("xgettext", "-f", "po/POTFILES", "-o", template, "--from-code=UTF-8", "--add-comments",
                                *("--keyword=" + each for each in KEYWORDS), root=root)
        languages = file.read().split()
        wrong = [errors] if status else [each for language in languages for each in check(root, language, template, folder)]
    wrong += unmarked(root)
    print("\n".join(wrong))
    print(f"{len(languages)} languages, {len(wrong)} to mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
