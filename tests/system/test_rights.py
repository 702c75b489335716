# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what on the worker's socket: every method by somebody of every class, and what polkit says. The worker sees a logind and a
group of the test's own, in a mount namespace; callers are processes of other users."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import xml.etree.ElementTree as tree
from pathlib import Path

import pytest
from lab import make_package, wait_for
from machine import INTERFACE, Machine, Varlink
from polkit import Polkit

pytestmark = pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="other users and a mount namespace need root")

# uid: class. The last two are administrators.
STRANGER, PERSON, GRAPHICAL, SEAT, MEMBER, ROOT = 41001, 41002, 41003, 41004, 41005, 0
ADMIN_GID = 41900
RANK = [STRANGER, PERSON, GRAPHICAL, SEAT, MEMBER]

# The design's table; a method that is added to the interface must be added here.
NEEDED = {
    "GetStatus": STRANGER, "GetProxy": STRANGER, "GetPolicy": STRANGER,
    "Watch": PERSON, "ListPackages": PERSON, "GetPackage": PERSON, "GetHistory": PERSON, "GetTraffic": PERSON, "Contact": PERSON,
    "SendInventory": PERSON, "ShowInventory": PERSON, "TestProxy": PERSON, "GetSettings": PERSON,
    "Answer": GRAPHICAL,
    "SetTag": SEAT,
    "GetLog": MEMBER, "Configure": MEMBER, "Import": MEMBER, "DropPackage": MEMBER,
}
PARAMETERS = {
    "GetPackage": {"id": "1"}, "Answer": {"id": "1", "answer": "now"}, "SetTag": {"tag": "x"}, "GetLog": {"lines": 1},
    "Configure": {"values": [], "check": True}, "Import": {"text": "", "kind": "ini", "check": True}, "DropPackage": {"id": "1"},
}
# What of a method that others may call is an administrator's.
WHOLE = {"GetSettings": {"all": True}}
STREAMS = {"Watch", "ShowInventory", "GetLog", "TestProxy"}

CALLER = """
import json, socket, sys
path, wait, calls = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
links = []
for call in calls:
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(40)
    link.connect(path)
    link.sendall(json.dumps(call).encode() + b"\\0")
    links.append(link)
print("asked", flush=True)
if wait == "gone":
    sys.stdin.readline()
    sys.exit()
for link in links:
    data = b""
    while b"\\0" not in data:
        more = link.recv(65536)
        if not more:
            break
        data += more
    print(data.split(b"\\0")[0].decode(), flush=True)
"""


class Caller:
    """A process of another user with a connection for each call."""

    def __init__(self, machine, uid, *calls, wait="", groups=()):
        messages = [{"method": f"{INTERFACE}.{name}", "parameters": parameters or {}, **({"more": True} if name in STREAMS else {})}
                    for name, parameters in calls]
        self.process = subprocess.Popen(["/usr/bin/python3", "-c", CALLER, str(machine.runtime / "worker.sock"), wait, json.dumps(messages)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user=uid, group=uid, extra_groups=list(groups),
                                        cwd="/")
        assert self.process.stdout.readline() == "asked\n"

    def start_time(self):
        return int(Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[19])

    def answers(self):
        """The error's name, or the parameters, of each."""
        replies = [json.loads(line) for line in self.process.stdout]
        self.process.wait(20)
        return [reply["error"].rsplit(".", 1)[-1] if "error" in reply else reply.get("parameters", {}) for reply in replies]

    def leave(self):
        self.process.stdin.close()
        self.process.wait(20)


def ask(machine, uid, name, parameters=None, groups=()):
    return Caller(machine, uid, (name, parameters if parameters is not None else PARAMETERS.get(name)), groups=groups).answers()[0]


@pytest.fixture(scope="module")
def folder():
    made = Path(tempfile.mkdtemp(prefix="ocs-rights.", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def logind(folder):
    """What logind keeps of people: one on a terminal, one with a remote screen, one at the machine."""
    for name in ("users", "sessions"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "users" / str(PERSON)).write_text("STATE=active\nACTIVE_SESSIONS=1\nONLINE_SESSIONS=1\nACTIVE_SEATS=\n")
    (folder / "sessions/1").write_text(f"UID={PERSON}\nTYPE=tty\nCLASS=user\nREMOTE=1\n")
    (folder / "users" / str(GRAPHICAL)).write_text("STATE=active\nACTIVE_SESSIONS=2\nONLINE_SESSIONS=2\nACTIVE_SEATS=\n")
    (folder / "sessions/2").write_text(f"UID={GRAPHICAL}\nTYPE=x11\nCLASS=user\nREMOTE=1\n")
    (folder / "users" / str(SEAT)).write_text("STATE=active\nACTIVE_SESSIONS=3\nONLINE_SESSIONS=3\nSEATS=seat0\nACTIVE_SEATS=seat0\n")
    (folder / "sessions/3").write_text(f"UID={SEAT}\nTYPE=wayland\nCLASS=user\nSEAT=seat0\nACTIVE=1\n")


class GuardedMachine(Machine):
    """Its worker has a /run and an /etc/group of its own."""

    def arguments(self, *more):
        run = self.folder / "logind"
        logind(run)
        group = self.folder / "group"
        group.write_text(Path("/etc/group").read_text() + f"ocs-companion:x:{ADMIN_GID}:\n")
        script = f"mount -t tmpfs none /run; mkdir /run/systemd; mount --bind {run} /run/systemd; mount --bind {group} /etc/group; exec \"$@\""
        return ["unshare", "-m", "sh", "-ec", script, "sh", *super().arguments(*more)]


def make_machine(folder, bus):
    machine = GuardedMachine(folder, Server="http://127.0.0.1:9/ocsinventory")
    machine.environment["DBUS_SYSTEM_BUS_ADDRESS"] = bus
    machine.folder.chmod(0o755)
    return machine


@pytest.fixture(scope="module")
def machine(folder):
    with make_machine(folder / "alone", "unix:path=/nonexistent/bus") as made:
        yield made.start()


@pytest.fixture
def polkit(folder):
    with Polkit(tempfile.mkdtemp(dir=folder)) as made:
        yield made


@pytest.fixture
def guarded(folder, polkit):
    with make_machine(Path(tempfile.mkdtemp(dir=folder)), polkit.address) as made:
        yield made.start()


def methods(machine):
    with Varlink(machine.runtime / "worker.sock") as link:
        text = link.call("org.varlink.service.GetInterfaceDescription", {"interface": INTERFACE})["description"]
    return re.findall(r"^method (\w+)\(", text, re.M)


def test_every_method_is_in_the_table(machine):
    assert set(methods(machine)) <= set(NEEDED)
    assert {"GetStatus", "Configure"} <= set(methods(machine))


@pytest.mark.parametrize("uid", [*RANK, ROOT])
def test_every_method_for_everybody(machine, uid):
    """Without polkit."""
    wrong = []
    for name in methods(machine):
        denied = ask(machine, uid, name, groups=[ADMIN_GID] if uid == MEMBER else []) == "Denied"
        allowed = uid == ROOT or RANK.index(uid) >= RANK.index(NEEDED[name])
        if denied == allowed:
            wrong.append(f"{name} for {uid}: denied is {denied}")
    assert wrong == []


def test_unknown_method(machine):
    assert ask(machine, ROOT, "Reconfigure", {}) == "MethodNotFound"


@pytest.mark.parametrize("name, action", [
    ("GetSettings", "configure"), ("Configure", "configure"), ("Import", "import"), ("DropPackage", "drop"), ("GetLog", "log")])
def test_polkit_says_yes_or_no(guarded, polkit, name, action):
    parameters = WHOLE.get(name, PARAMETERS.get(name))
    polkit.say("no")
    assert ask(guarded, PERSON, name, parameters) == "Denied"
    polkit.say("challenge")
    assert ask(guarded, PERSON, name, parameters) == "Denied"
    polkit.say("yes")
    assert ask(guarded, PERSON, name, parameters) != "Denied"
    assert [(each["action"], each["uid"], each["flags"]) for each in polkit.asked()] == [(f"org.ocscompanion.{action}", PERSON, 1)] * 3


def test_draft_is_an_administrators(guarded, polkit):
    """The way as it is may be tested by everybody who is logged in, but not with other settings."""
    draft = {"values": [{"key": "Server", "value": "http://127.0.0.1:1/ocsinventory"}]}
    polkit.say("no")
    assert ask(guarded, STRANGER, "TestProxy", draft) == "Denied", "not even logged in"
    assert ask(guarded, SEAT, "TestProxy", draft) == "Denied"
    assert ask(guarded, SEAT, "TestProxy", {"text": "[HTTP]\nServer=http://x/ocsinventory", "kind": "ini"}) == "Denied"
    polkit.say("yes")
    assert ask(guarded, PERSON, "TestProxy", draft)["step"]
    assert {each["action"] for each in polkit.asked()} == {"org.ocscompanion.configure"}


def test_tests_of_the_way_are_no_storm(guarded):
    """Each brings logins to the proxy and the server: whoever may ask for one must not be able to lock an account, or be a nuisance there."""
    assert ask(guarded, PERSON, "TestProxy")["step"]
    for _ in range(20):
        ask(guarded, PERSON, "TestProxy")
    for _ in range(2):
        time.sleep(0.5)
        assert ask(guarded, SEAT, "TestProxy") == "Busy"
    assert ask(guarded, ROOT, "TestProxy")["step"]


def test_settings_within_the_rights(guarded, polkit):
    """Nobody is asked for a password to look; away from the machine no host, file or name of this machine, a secret nowhere."""
    polkit.say("no")
    guarded.ini(HTTP={"Server": "http://127.0.0.1:9/ocsinventory", "ProxyType": "1", "Proxy": "canary-proxy", "ProxyPort": "3199",
                      "ProxyAuthRequired": "1", "ProxyUser": "canary-name", "ProxyPwd": "canary-secret"},
                **{"OCS Companion": {"TAG": "branch-17", "ProxyPac": "http://canary-pac/wpad.dat", "DEVICEID": "canary-2026-01-02-03-04-05",
                                     "ClientKey": "canary.key", "DownloadWindow": "Sat"}})
    seen = {uid: {each["key"]: each for each in ask(guarded, uid, "GetSettings")["settings"]} for uid in (PERSON, GRAPHICAL, SEAT)}
    for uid, keys in seen.items():
        text = json.dumps(keys)
        assert "canary-secret" not in text and "canary-name" not in text
        assert ("canary" in text, "3199" in text, "127.0.0.1" in text, str(guarded.folder) in text) == (uid == SEAT,) * 4, text
        assert keys["TAG"]["value"] == "branch-17" and keys["DownloadWindow"]["value"] == "Sat" and keys["ProxyType"]["value"] == "1"
        assert keys["ProxyPwd"]["set"] and keys["ProxyPwd"]["hidden"]
        assert keys["Proxy"]["set"] and keys["Proxy"].get("hidden", False) == (uid != SEAT)
        assert not keys["SSL"]["set"] and "hidden" not in keys["SSL"]
    assert polkit.asked() == []


def test_subject_is_the_process_that_connected(guarded, polkit):
    guarded.wait_state("away")  # of which there is a line
    polkit.say("wait")
    caller = Caller(guarded, STRANGER, ("GetLog", {"lines": 1}))
    wait_for(polkit.asked, 10, "a question")
    start = caller.start_time()
    polkit.say("yes")
    assert caller.answers()[0]["line"]
    asked = polkit.asked()[0]
    assert (asked["pid"], asked["start"], asked["uid"]) == (caller.process.pid, start, STRANGER)


def test_administrators_are_not_asked(guarded, polkit):
    polkit.say("no")
    assert ask(guarded, ROOT, "GetSettings", {"all": True})["settings"]
    assert ask(guarded, MEMBER, "GetSettings", {"all": True}, groups=[ADMIN_GID])["settings"]
    assert polkit.asked() == []


def test_one_dialog_for_a_process(guarded, polkit):
    polkit.say("wait")
    caller = Caller(guarded, PERSON, ("GetSettings", {"all": True}), ("GetLog", {"lines": 1}))
    wait_for(polkit.asked, 10, "a question")
    time.sleep(0.5)
    assert len(polkit.asked()) == 1
    other = Caller(guarded, PERSON, ("GetSettings", {"all": True}))
    wait_for(lambda: len(polkit.asked()) == 2, 10, "the question of another process")
    polkit.say("yes")
    first, second = caller.answers()
    assert sorted([isinstance(first, dict), isinstance(second, dict)]) == [False, True] and "Busy" in (first, second)
    assert other.answers()[0]["settings"]


def test_nothing_happens_for_somebody_who_left(guarded, polkit):
    polkit.say("wait")
    caller = Caller(guarded, PERSON, ("Configure", {"values": [{"key": "TAG", "value": "stolen"}]}), wait="gone")
    wait_for(polkit.asked, 10, "a question")
    caller.leave()
    wait_for(lambda: polkit.asked()[0]["cancelled"], 10, "the dialog to be taken back")
    polkit.say("yes")
    time.sleep(0.3)
    assert "stolen" not in guarded.config.read_text()
    assert guarded.status()["state"], "the worker lives"


def test_the_others_are_served_meanwhile(guarded, polkit):
    polkit.say("wait")
    caller = Caller(guarded, PERSON, ("Configure", {"values": [{"key": "TAG", "value": "later"}]}))
    wait_for(polkit.asked, 10, "a question")
    assert ask(guarded, STRANGER, "GetStatus")["status"]
    polkit.say("yes")
    assert caller.answers()[0]["changed"] == ["[OCS Companion]TAG"]
    assert "TAG=later" in guarded.config.read_text()
    assert f"configured by user {PERSON}: [OCS Companion]TAG" in guarded.said()


def test_output_of_a_package(guarded, polkit, server, tmp_path):
    guarded.ini(HTTP={"Server": server.url, "CaBundle": server.ca})
    # The first may join one that began with the file as it was; a server offers packages to a machine that it knows.
    while not guarded.status()["last_inventory"]:
        guarded.outcome(guarded.call("Contact")["serial"])
    server.add_package(make_package(tmp_path / "p", 1700007001, {"data": "x"}, command="echo said-by-the-package"))
    guarded.call("Contact")
    guarded.wait_result(1700007001)
    plain = ask(guarded, PERSON, "GetPackage", {"id": "1700007001"})["package"]
    assert "output" not in plain and "command" not in plain and polkit.asked() == []
    polkit.say("no")
    assert ask(guarded, PERSON, "GetPackage", {"id": "1700007001", "output": True}) == "Denied"
    polkit.say("yes")
    whole = ask(guarded, PERSON, "GetPackage", {"id": "1700007001", "output": True})["package"]
    assert "said-by-the-package" in whole["output"] and "echo" in whole["command"]
    assert polkit.asked()[-1]["action"] == "org.ocscompanion.output"


def test_policy_file_knows_every_action():
    """And asks for an administrator's password each time but for a few minutes."""
    root = Path(__file__).resolve().parents[2]
    known = {each.get("id"): each for each in tree.parse(root / "data/polkit/org.ocscompanion.policy").getroot().iter("action")}
    used = set(re.findall(r'"(org\.ocscompanion\.\w+)"', (root / "worker/core/rights.c").read_text()))
    assert set(known) == used and used
    for action in known.values():
        defaults = {each.tag: each.text for each in action.find("defaults")}
        assert set(defaults.values()) == {"auth_admin_keep"} and len(defaults) == 3
