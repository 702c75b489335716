#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our inventory beside that of the Perl agent (ocsinventory-agent), both of this machine, as root for a fair comparison:

    compare_perl.py [--verbose] [--only=SECTION,…] PROGRAM [ARGUMENT…]
    ninja -C build compare-perl                                      (this machine; compare_machine.sh: a captured one)

Section by section and field by field, of what the server stores: equal; better (with the reason); more (the agent says nothing);
missing (we say nothing, and no reason is known). Ends with 1 where something is missing or differs without a reason, with 77 (skipped)
where the Perl agent is not installed."""
import argparse
import collections
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

# What the server stores (OCSInventory-Server Apache/Ocsinventory/Map.pm, 2.12.5) and Linux agents can know. Not here: SIM (what is in
# the modem only ModemManager knows, and no daemon is asked), JOURNALLOG and REGISTRY (Windows); no Linux agent has ever sent them.
STORED = {
    "HARDWARE": "NAME WORKGROUP USERDOMAIN OSNAME OSVERSION OSCOMMENTS PROCESSORT IPADDR DNS DEFAULTGATEWAY USERID DESCRIPTION UUID"
                " PROCESSORS PROCESSORN MEMORY SWAP TYPE ARCH",
    "BIOS": "SMANUFACTURER SMODEL SSN TYPE BMANUFACTURER BVERSION BDATE ASSETTAG MMANUFACTURER MMODEL MSN",
    "MEMORIES": "CAPTION DESCRIPTION CAPACITY PURPOSE TYPE SPEED NUMSLOTS SERIALNUMBER",
    "SLOTS": "NAME DESCRIPTION DESIGNATION PURPOSE STATUS PSHARE",
    "CONTROLLERS": "MANUFACTURER NAME CAPTION DESCRIPTION VERSION TYPE",
    "MONITORS": "MANUFACTURER CAPTION DESCRIPTION TYPE SERIAL",
    "PORTS": "TYPE NAME CAPTION DESCRIPTION",
    "STORAGES": "MANUFACTURER NAME MODEL DESCRIPTION TYPE DISKSIZE SERIALNUMBER FIRMWARE",
    "DRIVES": "LETTER TYPE FILESYSTEM TOTAL FREE NUMFILES VOLUMN CREATEDATE",
    "INPUTS": "TYPE MANUFACTURER CAPTION DESCRIPTION INTERFACE POINTTYPE",
    "MODEMS": "NAME MODEL DESCRIPTION TYPE",
    "NETWORKS": "DESCRIPTION TYPE TYPEMIB SPEED MTU MACADDR STATUS IPADDRESS IPMASK IPGATEWAY IPSUBNET IPDHCP VIRTUALDEV",
    "PRINTERS": "NAME DRIVER PORT DESCRIPTION SERVERNAME SHARENAME RESOLUTION COMMENT SHARED NETWORK",
    "SOUNDS": "MANUFACTURER NAME DESCRIPTION",
    "VIDEOS": "NAME CHIPSET MEMORY RESOLUTION",
    "SOFTWARES": "NAME PUBLISHER VERSION FOLDER COMMENTS FILENAME FILESIZE SOURCE GUID LANGUAGE INSTALLDATE BITSWIDTH ARCHITECTURE",
    "VIRTUALMACHINES": "NAME STATUS SUBSYSTEM VMTYPE UUID VCPU MEMORY",
    "CPUS": "MANUFACTURER TYPE SERIALNUMBER SPEED CORES L2CACHESIZE CPUARCH DATA_WIDTH CURRENT_ADDRESS_WIDTH LOGICAL_CPUS VOLTAGE"
            " CURRENT_SPEED SOCKET",
    "BATTERIES": "CHEMISTRY CYCLES DESCRIPTION DESIGNCAPACITY DESIGNVOLTAGE ESTIMATEDCHARGEREMAINING MANUFACTURER NAME SERIALNUMBER"
                 " STATUS",
    "USBDEVICES": "DESCRIPTION INTERFACE MANUFACTURER SERIAL TYPE",
    "REPOSITORY": "BASEURL EXCLUDE EXCLUDED EXPIRE FILENAME MIRRORS NAME PKGS REVISION SIZE TAG UPDATED",
    "LOCAL_USERS": "ID_USER GID NAME HOME SHELL LOGIN",
    "JAVAINFO": "JAVANAME JAVAPATHLEVEL JAVACOUNTRY JAVACLASSPATH JAVAHOME",
    "LOCAL_GROUPS": "ID_GROUP NAME MEMBER",
}

# By which fields an entry is found again; the others are paired in their order.
KEYS = {"STORAGES": "NAME", "DRIVES": "TYPE", "NETWORKS": "DESCRIPTION IPADDRESS", "SOFTWARES": "NAME VERSION", "LOCAL_USERS": "LOGIN",
        "LOCAL_GROUPS": "NAME", "MEMORIES": "CAPTION", "PRINTERS": "NAME", "MONITORS": "CAPTION SERIAL", "INPUTS": "CAPTION",
        "USBDEVICES": "DESCRIPTION SERIAL", "SLOTS": "DESIGNATION", "PORTS": "NAME CAPTION", "REPOSITORY": "BASEURL NAME"}

def is_month_before(their, our):
    """"2025/04/20 …" for "2025/05/20 …"."""
    left, right = re.match(r"(\d+)/(\d+)/(.*)", their), re.match(r"(\d+)/(\d+)/(.*)", our)
    return left and right and left[3] == right[3] and int(left[1]) * 12 + int(left[2]) + 1 == int(right[1]) * 12 + int(right[2])


# Why ours differs on purpose: (section, field), a test of (theirs, ours) and the reason.
REASONS = [
    ("HARDWARE", "DESCRIPTION", lambda a, b: b is not None, "the time of boot does not jitter"),
    ("HARDWARE", "USERID", lambda a, b: True, "does not change with every login"),
    ("HARDWARE", "OSVERSION", lambda a, b: b is not None and b.startswith(a), "with the point release"),
    ("HARDWARE", "IPADDR", lambda a, b: b and set(a.split("/")) == set(b.split("/")), "the same addresses, the most important first"),
    ("HARDWARE", "PROCESSORS", lambda a, b: (b or "").isdigit(), "digits, as the server wants them"),
    ("HARDWARE", "WORKGROUP", lambda a, b: b is not None, "as resolv.conf has it"),
    ("CPUS", "CURRENT_SPEED", lambda a, b: True, "the clock changes all the time"),
    ("CPUS", "SPEED", lambda a, b: b is not None, "the nominal clock in MHz"),
    ("CPUS", "L2CACHESIZE", lambda a, b: b is not None, "a number of KB, as for other processors"),
    ("DRIVES", "FREE", lambda a, b: b and abs(int(a) - int(b)) < 2048, "measured a moment later"),
    ("NETWORKS", "TYPE", lambda a, b: a in ("ethernet", "secondary") and b is not None, "says what it is"),
    ("NETWORKS", "SPEED", lambda a, b: re.match(r"(-|Unknown|0 )", a or ""), "the driver does not say"),
    ("NETWORKS", "SPEED", lambda a, b: b is None, "Wi-Fi changes its rate all the time; a tunnel has none"),
    ("NETWORKS", "IPGATEWAY", lambda a, b: a.endswith("::"), "a network is no gateway"),
    ("NETWORKS", "IPDHCP", lambda a, b: True, "only for the address that was leased"),
    ("NETWORKS", "VIRTUALDEV", lambda a, b: b in ("0", "1"), "right for each address"),
    ("NETWORKS", "MACADDR", lambda a, b: b is not None, "the card's own address"),
    ("STORAGES", "DISKSIZE", lambda a, b: b and a.split(".")[0] == b, "digits, as the server wants them"),
    ("STORAGES", "DESCRIPTION", lambda a, b: b is not None, "the bus"),
    ("STORAGES", "TYPE", lambda a, b: b is not None, "one word for each kind"),
    ("STORAGES", "MANUFACTURER", lambda a, b: a.startswith("0x") or a.lower() in ("ata", "unknown", "none") or b, "the maker's name"),
    ("STORAGES", "SERIALNUMBER", lambda a, b: b is not None, "the number on the label"),
    ("STORAGES", "MODEL", lambda a, b: b and a.replace("_", " ")[:16] == b[:16], "not cut off"),
    ("SOFTWARES", "INSTALLDATE", lambda a, b: b and is_month_before(a, b), "the agent's month is one too small"),
    ("SOFTWARES", "COMMENTS", lambda a, b: b is not None and ("(" in a or len(b) >= len(a)), "made harmless for the server's scrubber"),
    ("SOFTWARES", "COMMENTS", lambda a, b: b and a.encode("latin-1", "replace").decode("utf-8", "replace") == b, "UTF-8 once, not twice"),
    ("REPOSITORY", "NAME", lambda a, b: b is not None, "suite and components, not the last part of a line of apt-cache"),
    ("REPOSITORY", "BASEURL", lambda a, b: b is not None, "an address, not a priority"),
    ("CONTROLLERS", "*", lambda a, b: b is not None, "names from the hardware database"),
    ("VIDEOS", "*", lambda a, b: b is not None, "names from the hardware database"),
    ("SOUNDS", "*", lambda a, b: b is not None, "names from the hardware database"),
    ("BIOS", "ASSETTAG", lambda a, b: b is None and re.match(r"(No Asset|Not |Asset-|None|N/A|Default)", a), "a maker's filling, no tag"),
    ("BIOS", "*", lambda a, b: b is not None, "from the firmware table"),
    ("MEMORIES", "NUMSLOTS", lambda a, b: b and (a is None or int(a) + 1 == int(b)), "counted from 1, so that the first is not lost"),
    ("SLOTS", "STATUS", lambda a, b: a.startswith("<"), "what the table says is none"),
    ("SLOTS", "DESCRIPTION", lambda a, b: b and a.endswith(b), "the width once"),
    ("PORTS", "NAME", lambda a, b: a in ("Not Specified", "Not Available") and b, "the name on the outside where the board has none"),
    ("BATTERIES", "DESIGNVOLTAGE", lambda a, b: b is not None, "the voltage of the design, not that of now"),
    ("BATTERIES", "DESCRIPTION", lambda a, b: b is not None, "the slot; the model is in NAME, where the server does not cut it"),
    ("BATTERIES", "SERIALNUMBER", lambda a, b: a == "0" or (b or "").startswith(a), "whole, and none where there is none"),
    ("MONITORS", "SERIAL", lambda a, b: b is not None or a in ("0", "1", "16843009"), "as printed on the monitor, and none where there is none"),
    ("MONITORS", "DESCRIPTION", lambda a, b: b is not None and a.endswith(b), "no week where none is said"),
    ("MONITORS", "*", lambda a, b: b is not None, "the name, or the model of the panel"),
    ("INPUTS", "TYPE", lambda a, b: b in ("Keyboard", "Pointing"), "what it is, not its first handler"),
    ("USBDEVICES", "*", lambda a, b: b is not None, "of this device and its first interface, not of the last ones read"),
    ("MODEMS", "*", lambda a, b: b is not None, "names from the hardware database"),
    ("LOCAL_GROUPS", "MEMBER", lambda a, b: b and set(a.split(",")) == set(b.split(",")), "the same people, in order"),
]

# Whole entries of the agent's that have no place in ours.
EXTRA = [
    ("REPOSITORY", lambda entry: not re.match(r"\w+:", entry.get("BASEURL", "")), "no address: a line of apt-cache that was taken for one"),
    ("DRIVES", lambda entry: entry.get("VOLUMN") in ("overlay", "tmpfs", "none", "shm", "udev", "devtmpfs") or "cgroup" in
     entry.get("FILESYSTEM", ""), "made up by the kernel, holds no files of anybody"),
    ("NETWORKS", lambda entry: "IPADDRESS" not in entry and re.match(r"(ifb|veth|dummy|tap|vnet|br-|cali|flannel)", entry.get("DESCRIPTION", "")),
     "virtual, without an address: comes and goes"),
    ("INPUTS", lambda entry: not re.match(r"(sysrq|mouse|js)", entry.get("TYPE", "")), "a speaker, volume keys …: nobody types or points with it"),
    ("STORAGES", lambda entry: not entry, "an entry that says nothing"),
    ("STORAGES", lambda entry: re.match(r"(loop|zram|ram|nbd|dm-)", entry.get("NAME", "")), "no device"),
]


def read_sections(text):
    """section → list of {field: value}; empty values are as good as none."""
    sections = collections.defaultdict(list)
    content = ElementTree.fromstring(text).find("CONTENT")
    for element in content:
        if element.tag in STORED:
            stored = STORED[element.tag].split()
            sections[element.tag].append({field.tag: field.text.strip() for field in element if field.tag in stored and
                                          (field.text or "").strip()})
    return sections


def pair(section, theirs, ours):
    """(their entry or None, our entry or None) each."""
    fields = KEYS.get(section, "").split()
    left, pairs = list(ours), []
    unmatched = []
    for entry in theirs:
        found = next((other for other in left if fields and all(entry.get(f) == other.get(f) for f in fields)), None)
        if found is None:
            unmatched.append(entry)
        else:
            left.remove(found)
            pairs.append((entry, found))
    for entry in unmatched:
        if any(name == section and test(entry) for name, test, _ in EXTRA):
            pairs.append((entry, None))
            continue
        # The nearest of the rest: most fields the same.
        best = max(left, key=lambda other: sum(entry.get(f) == other.get(f) for f in entry), default=None)
        if best is not None:
            left.remove(best)
        pairs.append((entry, best))
    return pairs + [(None, other) for other in left]


def judge(section, field, their, our, entry):
    """(verdict, reason)"""
    if their == our:
        return "equal", ""
    if their is None:
        return "more", ""
    if section == "DRIVES" and our is None and re.match(r"nfs|cifs|smb|fuse|ceph|9p|afs|gluster", entry.get("FILESYSTEM", "")):
        return "better", "never waits for a server or a program that has gone"
    for name, which, test, reason in REASONS:
        if name == section and which in (field, "*") and test(their, our):
            return "better", reason
    return ("missing" if our is None else "differs"), ""


def compare(section, theirs, ours):
    """Counter of verdicts, and verdict → {(field, reason): [examples]}."""
    counts, details = collections.Counter(), collections.defaultdict(lambda: collections.defaultdict(list))
    for their, our in pair(section, theirs, ours):
        if our is None:
            reason = next((reason for name, test, reason in EXTRA if name == section and test(their)), "")
            verdict = "better" if reason else "missing"
            counts[verdict] += 1
            details[verdict][("(entry)", reason)].append(str(their))
            continue
        for field in STORED[section].split():
            if field not in our and field not in (their or {}):
                continue
            verdict, reason = judge(section, field, (their or {}).get(field), our.get(field), our)
            counts[verdict] += 1
            if verdict != "equal":
                details[verdict][(field, reason)].append(f"{(their or {}).get(field)!r} → {our.get(field)!r}")
    return counts, details


def run_perl(program):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([program, "--stdout", "--nolocal", "--basevardir=" + folder], capture_output=True, text=True, timeout=600)
    return done.stdout[done.stdout.index("<?xml"):]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(STORED))
    parser.add_argument("program")
    parser.add_argument("argument", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = [options.program, *options.argument]
    agent = shutil.which("ocsinventory-agent", path="/usr/bin:/bin:/usr/sbin:/usr/local/bin")
    if agent is None:
        print("skipped: ocsinventory-agent is not installed (Debian: apt-get install ocsinventory-agent)")
        return 77
    theirs = read_sections(run_perl(agent))
    ours = read_sections(subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout)
    bad = 0
    for section in options.only:
        if section not in theirs and section not in ours:
            continue
        counts, details = compare(section, theirs[section], ours[section])
        bad += counts["missing"] + counts["differs"]
        summary = ", ".join(f"{counts[verdict]} {verdict}" for verdict in ("equal", "better", "more", "differs", "missing") if counts[verdict])
        print(f"{section}: {len(theirs[section])} entries beside our {len(ours[section])}: {summary}")
        for verdict in ("missing", "differs", "better") + (("more",) if options.verbose else ()):
            for (field, reason), examples in sorted(details[verdict].items()):
                print(f"  {verdict} {field} ({len(examples)}){': ' + reason if reason else ''}: {examples[0][:200]}")
    print("missing or different without a reason: %d" % bad)
    return 1 if bad else 0


sys.exit(main())
