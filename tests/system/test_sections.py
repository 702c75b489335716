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
FALLBACK = {"MACADDR": "00:00:00:00:00:00", "PUBLISHER": "Unavailable"}
# Tables of their own kind, compared by hand.
APART = {"HARDWARE", "SOFTWARES"}
# This server (2.8.1) has no such tables; a newer one has.
UNKNOWN = {"REPOSITORY", "LOCAL_USERS", "LOCAL_GROUPS"}
# What was reported of packages, none here.
EMPTY = {"DOWNLOAD"}
SENT = ("notebook", "rack-server", "raid-server", "arm-board", "debian-vm", "lvm-desktop", "fedora-server")
# Where its own column is none of software's.
NAMES = {"NAME": "n.NAME", "PUBLISHER": "p.PUBLISHER", "VERSION": "v.VERSION"}


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
    if kind == "date":
        return text[:10].replace("/", "-") or "0000-00-00"
    length = int(kind.split("(")[1].rstrip(")")) if kind.startswith("varchar") else None
    return text[:length]


def columns_of(lab, table):  # noqa: F811
    return {row[0]: row[1] for row in lab.sql(f"SHOW COLUMNS FROM {table}") if row[0] not in ("ID", "HARDWARE_ID")}


def hardware_is(lab, machine, entry):  # noqa: F811
    columns = {row[0]: row[1] for row in lab.sql("SHOW COLUMNS FROM hardware")}
    fields = sorted((set(entry) & set(columns)) - {"CHECKSUM"})
    assert len(fields) > 10
    row = lab.sql(f"SELECT {', '.join(f'`{field}`' for field in fields)} FROM hardware WHERE DEVICEID='{machine.identity()}'")[0]
    assert dict(zip(fields, row)) == {field: stored(entry[field], columns[field]) for field in fields}


def software_is(lab, machine, entries):  # noqa: F811
    """Names, publishers and versions stand in tables of their own; a date is one to the database."""
    columns = columns_of(lab, "software")
    fields = sorted({field for entry in entries for field in entry} & (set(columns) | set(NAMES)))
    assert {"NAME", "VERSION", "COMMENTS", "FILESIZE"} <= set(fields)
    values = ", ".join(f"IFNULL({NAMES.get(field, 't.' + field)}, '')" for field in fields)
    found = lab.sql(f"SELECT {values} FROM software t JOIN hardware h ON h.ID=t.HARDWARE_ID JOIN software_name n ON n.ID=t.NAME_ID "
                    f"JOIN software_publisher p ON p.ID=t.PUBLISHER_ID JOIN software_version v ON v.ID=t.VERSION_ID "
                    f"WHERE h.DEVICEID='{machine.identity()}'")

    def value(entry, field):
        text = entry.get(field, FALLBACK.get(field, ""))
        if field == "INSTALLDATE":
            return text.replace("/", "-")
        return text if field in NAMES else stored(text, columns[field])
    assert sorted(map(list, found)) == sorted([value(entry, field) for field in fields] for entry in entries)


def test_every_section_is_among_them():
    assert set().union(*(sent(path.stem) for path in MACHINES.glob("*.xml"))) == set().union(*map(sent, SENT))


@pytest.mark.parametrize("name", SENT)
def test_rows_are_what_was_sent(lab, new_machine, monkeypatch, name):  # noqa: F811
    monkeypatch.setenv("OCS_INVENTORY_ROOT", str(MACHINES / name))
    monkeypatch.setenv("TZ", "UTC")
    machine = new_machine()
    assert machine.once() == 0, machine.said()
    compared = 0
    for section, entries in sent(name).items():
        if section in APART | SINGLE | UNKNOWN | EMPTY:
            continue
        columns = columns_of(lab, section.lower())
        fields = sorted({field for entry in entries for field in entry} & set(columns))
        assert fields, section
        found = rows(lab, section.lower(), machine.identity(), ", ".join(f"IFNULL(t.`{field}`, '')" for field in fields))
        expected = sorted([stored(entry.get(field, FALLBACK.get(field, "")), columns[field]) for field in fields] for entry in entries)
        assert sorted([value or ("0" if "int" in columns[field] else "") for field, value in zip(fields, row)] for row in found) == expected, section
        compared += len(expected) * len(fields)
    assert compared > 20
    hardware_is(lab, machine, sent(name)["HARDWARE"][0])
    if "SOFTWARES" in sent(name):
        software_is(lab, machine, sent(name)["SOFTWARES"])
    for section in SINGLE & set(sent(name)):
        assert int(rows(lab, section.lower(), machine.identity())[0][0]) == 1
