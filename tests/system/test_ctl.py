# SPDX-License-Identifier: GPL-3.0-or-later
"""ocsctl against a fake worker: words, JSON, --wait, bad input, and every exit status of the contract."""
import fcntl
import json
import os
import pathlib
import stat
import struct
import subprocess
import termios
import threading
import time

import pytest

from fake_worker import FakeWorker, outcome, package, reason

CTL = os.environ["OCSCTL"]
DONE, FAILED, USAGE, NOT_REACHABLE, DENIED, TIMED_OUT = range(6)


@pytest.fixture
def worker(tmp_path):
    fake = FakeWorker(tmp_path / "worker.sock").start()
    yield fake
    fake.stop()


def ctl(worker, *arguments, language="C.UTF-8", timeout=20):
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=language, TZ="UTC")
    environment.pop("OCS_COMPANION_SOCKET", None)
    socket = [] if worker is None else [f"--socket={worker.path}"]
    return subprocess.run([CTL, *socket, *arguments], capture_output=True, text=True, timeout=timeout, env=environment, check=False)


def test_help_and_version():
    shown = ctl(None, "--help")
    assert shown.returncode == DONE
    for command in ("status", "contact", "inventory send", "inventory show", "packages", "proxy", "watch"):
        assert command in shown.stdout
    assert ctl(None, "--version").stdout.startswith("ocsctl ")


def test_status(worker):
    worker.set(state="problem", reason=reason("proxy-auth", "cache.example.org:3128 wants another login: check ProxyUser"),
               warnings=["line 7: unknown key Servre"], outcome=outcome("sent"),
               packages=[package("1700000001", "reported", result="SUCCESS"), package("17", "fetching", fragments_done=3, fragments_total=20)])
    shown = ctl(worker, "status")
    assert shown.returncode == DONE and shown.stderr == ""
    lines = shown.stdout.splitlines()
    assert lines[0] == "State               There is a problem"
    for line in ("Why                 The proxy wants another login", "Warning             Line 7: unknown key Servre",
                 "Package 1700000001  Finished: Installed", "Package 17          Downloading: 3 of 20 parts",
                 "In detail           cache.example.org:3128 wants another login: check ProxyUser", "Next contact        in 3 hours"):
        assert line in lines
    assert "Proxy               cache.example.org:3128: serves from its cache" in lines


def test_json_is_the_workers(worker):
    worker.update(newer_field={"a": [1, 2.5, None]})
    for command, member in (("status", "status"), ("packages", "packages"), ("proxy", "proxy")):
        shown = ctl(worker, "--json", command)
        assert shown.returncode == DONE
        assert shown.stdout.count("\n") == 1
        assert json.loads(shown.stdout)[member] == (worker.value if member == "status" else worker.value[member])


def test_packages(worker):
    assert ctl(worker, "packages").stdout == "There are no packages.\n"
    worker.set(packages=[package("12", "reported", result="EXIT_CODE_3", command="sh install.sh", output="one\n\x1b[31mtwo\n"),
                         package("13", "described", reason=reason("untrusted", "info comes from another host: set TrustedInfoHosts"))])
    listed = ctl(worker, "packages").stdout
    assert "12  Finished" in listed and "Its command failed with code 3" in listed
    one = ctl(worker, "packages", "12")
    assert "Command      sh install.sh" in one.stdout
    assert "?[31mtwo" in one.stdout and "\x1b" not in one.stdout
    assert "TrustedInfoHosts" in ctl(worker, "packages", "13").stdout
    assert json.loads(ctl(worker, "packages", "12", "--json").stdout)["package"]["result"] == "EXIT_CODE_3"
    missing = ctl(worker, "packages", "99")
    assert missing.returncode == FAILED and missing.stderr == "ocsctl: there is no package 99\n"


def test_proxy(worker):
    shown = ctl(worker, "proxy").stdout
    assert "Proxy          cache.example.org:3128\n" in shown
    assert "Serves from its cache" in shown and "80 % saved" in shown
    worker.set(proxy={"kind": "none"})
    assert ctl(worker, "proxy").stdout == "Proxy  No proxy\n"


def test_contact_without_waiting(worker):
    shown = ctl(worker, "contact")
    assert shown.returncode == DONE and "under way" in shown.stdout
    worker.how = "queued"
    assert "as soon as there is one" in ctl(worker, "inventory", "send").stdout
    assert json.loads(ctl(worker, "--json", "inventory", "send").stdout) == {"how": "queued", "serial": 7}
    assert worker.called("SendInventory") == 2


@pytest.mark.parametrize("command,kind,status", [
    ("inventory send", "sent", DONE), ("inventory send", "contacted", FAILED), ("inventory send", "switched_off", FAILED),
    ("inventory send", "queued", FAILED), ("inventory send", "failed", FAILED), ("contact", "contacted", DONE), ("contact", "sent", DONE),
    ("contact", "switched_off", FAILED), ("contact", "failed", FAILED)])
def test_wait(worker, command, kind, status):
    def contact(fake):
        fake.update(state="working", job={"kind": "contacting"}, outcome=outcome("sent", serial=6))
        time.sleep(0.1)
        why = {"reason": reason("tls", "ocs.example.org: unknown CA: set CaBundle")} if kind == "failed" else {}
        fake.update(state="well", job=None, outcome=outcome(kind, **why))

    worker.on_send = contact
    worker.update(outcome=outcome("sent", serial=6))
    shown = ctl(worker, *command.split(), "--wait")
    assert shown.returncode == status, shown
    assert (shown.stdout != "") == (status == DONE) and (shown.stderr != "") == (status != DONE)
    if kind == "failed":
        assert shown.stderr == "ocsctl: The contact failed: The server's certificate is not accepted: ocs.example.org: unknown CA: set CaBundle\n"
    answer = json.loads(ctl(worker, *command.split(), "--wait", "--json").stdout)
    assert answer["outcome"]["kind"] == kind and answer["serial"] == 7


def test_progress_on_a_terminal_only(worker):
    def contact(fake):
        for kind in ("contacting", "collecting", "sending"):
            fake.update(state="working", job={"kind": kind})
            time.sleep(0.15)
        fake.update(state="well", job=None, outcome=outcome("sent"))

    worker.on_send = contact
    assert ctl(worker, "inventory", "send", "--wait").stderr == ""
    worker.update(outcome=None)
    terminal, end = os.openpty()
    done = subprocess.run([CTL, f"--socket={worker.path}", "inventory", "send", "--wait"], stderr=end, stdout=subprocess.PIPE, timeout=20,
                          env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=""), check=False)
    os.close(end)
    shown = os.read(terminal, 4096).decode()
    os.close(terminal)
    assert done.returncode == DONE
    assert shown.split("\r\n") == ["Talking to the server…", "Taking the inventory…", "Sending the inventory…", ""]


def test_german(worker):
    translations = os.environ.get("OCS_LOCALE_DIR", "")
    if not os.path.exists(f"{translations}/de/LC_MESSAGES/ocs-companion.mo"):
        pytest.skip("no translations were built")
    shown = ctl(worker, "status", language="de")
    assert shown.stdout.startswith("Zustand           Alles in Ordnung\n")
    assert "\nNächster Kontakt  in 3 Stunden\n" in shown.stdout
    worker.inventory = INVENTORY
    assert "  ausgelassen: no snaps\n" in ctl(worker, "inventory", "show", language="de").stdout


def test_wait_ends_with_the_worker(worker):
    worker.on_send = lambda fake: (time.sleep(0.2), fake.stop())
    assert ctl(worker, "contact", "--wait").returncode == NOT_REACHABLE


def test_usage(worker):
    for wrong in ([], ["nonsense"], ["inventory"], ["status", "more"], ["status", "--wait"], ["--colour", "status"], ["--timeout=x", "status"],
                  ["--timeout=-5", "status"], ["packages", "1", "2"], ["inventory", "show", "--wait"], ["status", "--xml"],
                  ["inventory", "show", "all"], ["inventory", "show", "--xml", "--json"]):
        shown = ctl(worker, *wrong)
        assert shown.returncode == USAGE, wrong
        assert shown.stderr.count("\n") == 1 and shown.stdout == ""
    assert worker.calls == []


def test_not_reachable(tmp_path):
    shown = ctl(FakeWorker(tmp_path / "nobody.sock"), "status")
    assert shown.returncode == NOT_REACHABLE
    assert shown.stderr.count("\n") == 1 and "nobody.sock" in shown.stderr


def test_stale_socket(worker):
    worker.stop()
    assert ctl(worker, "status").returncode == NOT_REACHABLE


def test_denied(worker):
    worker.errors["SendInventory"] = ("Denied", "only a person who is logged in may send the inventory")
    shown = ctl(worker, "inventory", "send", "--wait")
    assert shown.returncode == DENIED
    assert shown.stderr == "ocsctl: only a person who is logged in may send the inventory\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")
def test_denied_by_the_socket(worker, tmp_path):
    for folder in [tmp_path, *tmp_path.parents]:
        if folder.stat().st_uid == 0 and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    os.chmod(worker.path, 0o600)
    shown = subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", CTL, f"--socket={worker.path}", "status"], capture_output=True,
                           text=True, timeout=20, check=False)
    assert stat.S_IMODE(os.stat(worker.path).st_mode) == 0o600
    assert shown.returncode == DENIED, shown


@pytest.mark.parametrize("arguments", [["status"], ["contact", "--wait"], ["watch"], ["inventory", "show"]])
def test_timed_out(worker, arguments):
    worker.silent.update(("GetStatus", "Watch", "ShowInventory"))
    started = time.monotonic()
    shown = ctl(worker, "--timeout=1", *arguments)
    assert shown.returncode == TIMED_OUT
    assert 0.9 < time.monotonic() - started < 5
    assert shown.stderr.count("\n") == 1


@pytest.mark.parametrize("garbage", [b"no json at all\0", b"[1,2]\0", b'{"parameters": 5}\0', b'{"parameters":{"status":"well"}}\0', b"[" * 300000 + b"\0"],
                         ids=["text", "array", "number", "wrong type", "brackets"])
def test_nonsense(worker, garbage):
    worker.garbage = garbage
    shown = ctl(worker, "status")
    assert shown.returncode == FAILED, shown
    assert shown.stderr.startswith("ocsctl: ") and shown.stderr.count("\n") == 1


def test_unknown_error_and_enums(worker):
    worker.errors["GetProxy"] = ("MoonPhase", "the moon is full: wait a week")
    assert ctl(worker, "proxy").stderr == "ocsctl: the moon is full: wait a week\n"
    worker.set(state="dancing", packages=[package("1", "juggled")])
    assert ctl(worker, "status").stdout.startswith("State           There is a problem\n")


def test_watch(worker):
    process = subprocess.Popen([CTL, f"--socket={worker.path}", "--json", "watch"], stdout=subprocess.PIPE, text=True)
    try:
        assert json.loads(process.stdout.readline())["status"]["state"] == "well"
        worker.set(state="working", job={"kind": "downloading", "package": "5", "done": 50, "total": 100})
        line = json.loads(process.stdout.readline())
        while line["status"]["state"] != "working":
            line = json.loads(process.stdout.readline())
        assert line["status"]["job"]["done"] == 50
    finally:
        threading.Timer(0.1, worker.stop).start()
        assert process.wait(10) == NOT_REACHABLE
        process.stdout.close()


def test_watch_in_words(worker):
    worker.set(state="working", job={"kind": "downloading", "package": "5", "done": 50, "total": 100})
    shown = ctl(worker, "--timeout=1", "watch")
    assert shown.stdout.rstrip().endswith("Working: Downloading package 5, 50 %")
    assert shown.stdout.count("\n") == 1


INVENTORY = [
    {"section": "HARDWARE", "entries": [{"NAME": "pc-7", "OSNAME": "Debian GNU/Linux 12", "MEMORY": "7953", "WORKGROUP": ""}], "notes": []},
    {"section": "BIOS", "entries": [], "notes": ["the firmware table is not readable: run as root to get the serial numbers"]},
    {"section": "SOFTWARES", "entries": [{"NAME": "bash", "VERSION": "5.2.15-2+b2"}], "notes": ["no snaps"]},
    {"section": "SOFTWARES", "entries": [{"PUBLISHER": "Santiago Vila", "NAME": "hello", "VERSION": "2.10"}]},
]


def test_inventory(worker):
    worker.inventory = INVENTORY
    shown = ctl(worker, "inventory", "show")
    assert shown.returncode == DONE and shown.stderr == ""
    assert shown.stdout == """HARDWARE (1)
  NAME    pc-7
  OSNAME  Debian GNU/Linux 12
  MEMORY  7953

BIOS (0)
  left out: the firmware table is not readable: run as root to get the serial numbers

SOFTWARES (2)
  NAME   VERSION      PUBLISHER
  bash   5.2.15-2+b2
  hello  2.10         Santiago Vila
  left out: no snaps
"""
    worker.inventory = []
    assert ctl(worker, "inventory", "show").stdout == ""


def test_inventory_as_json(worker):
    worker.inventory = INVENTORY
    shown = ctl(worker, "inventory", "show", "--json")
    assert shown.returncode == DONE and shown.stdout.count("\n") == 1
    answer = json.loads(shown.stdout)
    assert list(answer["sections"]) == ["HARDWARE", "BIOS", "SOFTWARES"]
    assert answer["sections"]["HARDWARE"] == INVENTORY[0]["entries"] and answer["sections"]["BIOS"] == []
    assert answer["sections"]["SOFTWARES"] == INVENTORY[2]["entries"] + INVENTORY[3]["entries"]
    assert answer["notes"] == [{"section": "BIOS", "note": INVENTORY[1]["notes"][0]}, {"section": "SOFTWARES", "note": "no snaps"}]


def test_inventory_as_xml(worker):
    worker.xml = ["<?xml version=\"1.0\"?>\n<REQUEST>", "<NAME>Grüße\x85</NAME>", "</REQUEST>"]
    shown = ctl(worker, "inventory", "show", "--xml")
    assert shown.returncode == DONE and shown.stdout == "".join(worker.xml)
    worker.xml, worker.inventory = [], INVENTORY
    assert ctl(worker, "inventory", "show", "--xml").stdout == ""


def test_inventory_does_not_steer_the_terminal(worker):
    evil = "a\x1b[2Jb\x9b31mc\u202etxt\r\nd"
    worker.inventory = [{"section": "MONITORS\x1b[1m", "notes": [f"not {evil}"], "entries": [{"CAPTION": evil, f"N{evil}": "x"}] * entries}
                        for entries in (1, 2)]
    worker.xml = [evil]
    for arguments in (["inventory", "show"], ["inventory", "show", "--json"]):
        assert not set("\x1b\x9b\r") & set(ctl(worker, *arguments).stdout)
    assert "a?[2Jb?31mc?txt? d" in ctl(worker, "inventory", "show").stdout
    assert json.loads(ctl(worker, "inventory", "show", "--json").stdout)["sections"]["MONITORS\x1b[1m"][0]["CAPTION"] == evil
    assert on_terminal(worker, 80, "inventory", "show", "--xml") == ["a?[2Jb?31mc?txt?", "d"]


def on_terminal(worker, width, *arguments):
    """The lines that a terminal of so many characters gets."""
    terminal, end = os.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen([CTL, f"--socket={worker.path}", *arguments], stdout=end, env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=""))
    os.close(end)
    shown = b""
    try:
        while more := os.read(terminal, 4096):
            shown += more
    except OSError:
        pass
    os.close(terminal)
    assert process.wait(20) == DONE
    return shown.decode().replace("\r\n", "\n").removesuffix("\n").split("\n")


def test_inventory_fits_the_terminal(worker):
    long = "a program with a name that is much longer than names of programs should be"
    worker.inventory = [{"section": "SOFTWARES", "entries": [{"NAME": "bash", "VERSION": "5.2.15-2+b2", "COMMENTS": "shell"},
                                                             {"NAME": long, "VERSION": "1", "COMMENTS": "漢字" * 20}]}]
    lines = on_terminal(worker, 60, "inventory", "show")
    assert lines == ["SOFTWARES (2)",
                     "  NAME                    VERSION      COMMENTS",
                     "  bash                    5.2.15-2+b2  shell",
                     "  a program with a name…  1            漢字漢字漢字漢字漢字…"]
    uncut = ctl(worker, "inventory", "show").stdout
    assert long in uncut and "漢字" * 20 in uncut and "…" not in uncut
    wide = on_terminal(worker, 250, "inventory", "show")
    assert long in wide[3] and "…" not in wide[3]
    assert on_terminal(worker, 20, "inventory", "show")[1:6] == ["  NAME      bash", "  VERSION   5.2.15-2+b2", "  COMMENTS  shell", "", f"  NAME      {long}"]


def test_inventory_denied(worker):
    worker.errors["ShowInventory"] = ("Denied", "the whole inventory is for the person at the machine and for administrators")
    shown = ctl(worker, "inventory", "show", "--xml")
    assert shown.returncode == DENIED and shown.stdout == ""
    assert shown.stderr == "ocsctl: the whole inventory is for the person at the machine and for administrators\n"


def test_inventory_ends_with_the_worker(worker):
    worker.inventory = INVENTORY
    worker.dies_after = 2
    for arguments in ([], ["--json"]):
        shown = ctl(worker, "inventory", "show", *arguments)
        assert shown.returncode == NOT_REACHABLE
        assert shown.stderr.startswith("ocsctl: the inventory is not complete: ") and shown.stderr.count("\n") == 1
        assert shown.stdout.startswith("HARDWARE (1)\n") != bool(arguments)
        worker.start()
    worker.stop()
    assert ctl(worker, "inventory", "show").returncode == NOT_REACHABLE


def test_inventory_nonsense(worker):
    worker.inventory = [{"section": "HARDWARE", "entries": [1, None, {"NAME": 5, "OSNAME": "x"}, []], "notes": [7, "y"]}, {"section": "BIOS"},
                        {"section": "CPUS", "entries": "none", "notes": {}}]
    assert ctl(worker, "inventory", "show").stdout == "HARDWARE (1)\n  OSNAME  x\n  left out: y\n\nBIOS (0)\n\nCPUS (0)\n"
    worker.inventory = [{"text": "<REQUEST>"}]
    shown = ctl(worker, "inventory", "show")
    assert shown.returncode == FAILED and "another version" in shown.stderr


def test_inventory_write_error(worker):
    worker.inventory = INVENTORY * 100
    for arguments in ([], ["--json"]):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([CTL, f"--socket={worker.path}", "inventory", "show", *arguments], stdout=full, stderr=subprocess.PIPE, text=True,
                                  timeout=20, check=False)
        assert done.returncode == FAILED and "standard output" in done.stderr


COMPLETION = pathlib.Path(__file__).parents[2] / "data" / "completion"
COMPLETE = """source "$0"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_ocsctl ocsctl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s ' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize("typed,offered", [
    (["in"], "inventory"), (["inventory", ""], "send show"), (["inventory", "show", "--x"], "--xml"), (["contact", "--w"], "--wait"),
    (["status", "--w"], ""), (["status", ""], ""), (["--timeout", "=", "5", "pr"], "proxy"), (["--socket", "=", "/de"], "/dev"),
    (["packages", ""], "12 13"), (["packages", "13"], "13"), (["packages", "12", ""], "")])
def test_completion_in_bash(worker, typed, offered):
    worker.set(packages=[package("12", "reported", result="SUCCESS"), package("13", "described")])
    done = subprocess.run(["bash", "-c", COMPLETE, COMPLETION / "bash" / "ocsctl", CTL, *typed], capture_output=True, text=True, timeout=20,
                          env=dict(os.environ, OCS_COMPANION_SOCKET=worker.path, LC_ALL="C.UTF-8", LANGUAGE=""), check=True)
    assert done.stdout.strip() == offered and done.stderr == ""


def test_full_disk(worker):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([CTL, f"--socket={worker.path}", "status"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    assert done.returncode == FAILED and "standard output" in done.stderr


def test_socket_from_environment(worker):
    environment = dict(os.environ, OCS_COMPANION_SOCKET=worker.path)
    assert subprocess.run([CTL, "proxy"], env=environment, capture_output=True, timeout=20, check=False).returncode == DONE
