# SPDX-License-Identifier: GPL-3.0-or-later
"""Captured machines sent to Debian's OCS server: what its database then holds, row by row and column by column, is what was sent."""
import collections
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from test_real import lab, new_machine, rows  # noqa: F401 (fixtures)

MACHINES = Path(__file__).resolve().parent.parent / "machines"
# This server keeps one entry of these only, and an empty one where several are sent; a newer one keeps all.
SINGLE = {"BATTERIES", "USBDEVICES"}
# What this server writes where nothing was sent.
FALLBACK = {"MACADDR": "00:00:00:00:00:00"}
# Tables of their own kind: the machine itself, and software, which test_real.py counts.
ELSEWHERE = {"HARDWARE", "SOFTWARES", "DOWNLOAD", "ACCOUNTINFO", "REPOSITORY", "LOCAL_USERS", "LOCAL_GROUPS"}


def sent(name):
    """Section to list of entries, each a dictionary."""
    sections = collections.defaultdict(list)
    for entry in ElementTree.parse(MACHINES / f"{name}.xml").getroot().find("CONTENT"):
        sections[entry.tag].append({field.tag: (field.text or "").strip() for field in entry})
    return sections


def stored(text, kind):
    """What a column of the kind holds of the text."""
    if "int" in kind:
        return text or "0"
    length = int(kind.split("(")[1].rstrip(")")) if kind.startswith("varchar") else None
    return text[:length]


def columns_of(lab, table):  # noqa: F811
    return {row[0]: row[1] for row in lab.sql(f"SHOW COLUMNS FROM {table}") if row[0] not in ("ID", "HARDWARE_ID")}


@pytest.mark.parametrize("name", ["notebook", "rack-server", "arm-board", "debian-vm", "fedora-server"])
def test_rows_are_what_was_sent(lab, new_machine, monkeypatch, name):  # noqa: F811
    monkeypatch.setenv("OCS_INVENTORY_ROOT", str(MACHINES / name))
    monkeypatch.setenv("TZ", "UTC")
    machine = new_machine()
    assert machine.once() == 0, machine.said()
    compared = 0
    for section, entries in sent(name).items():
        if section in ELSEWHERE or section in SINGLE:
            continue
        columns = columns_of(lab, section.lower())
        fields = sorted({field for entry in entries for field in entry} & set(columns))
        assert fields, section
        found = rows(lab, section.lower(), machine.identity(), ", ".join(f"IFNULL(t.`{field}`, '')" for field in fields))
        expected = sorted([stored(entry.get(field, FALLBACK.get(field, "")), columns[field]) for field in fields] for entry in entries)
        assert sorted([value or ("0" if "int" in columns[field] else "") for field, value in zip(fields, row)] for row in found) == expected, section
        compared += len(expected) * len(fields)
    assert compared > 20
    for section in SINGLE & set(sent(name)):
        assert int(rows(lab, section.lower(), machine.identity())[0][0]) == 1
