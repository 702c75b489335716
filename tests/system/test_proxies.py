# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of proxy: real ones, each with an inventory and a deployment; and each kind where something is wrong, with what people are told.
Prints the two tables of data/manual/proxies.md; OCS_WRITE_TABLES=1 writes them there."""
import concurrent.futures
import json
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from couriertest import COURIER
from faults import Fault
from lab import Lab, TestServer, free_port, make_ca, make_package, seal, wait_for
from machine import Machine
from peers import Handler, Server

MANUAL = Path(__file__).resolve().parent.parent.parent / "data/manual/proxies.md"
# A small inventory: of many machines at once.
BOARD = Path(__file__).resolve().parent.parent / "machines/arm-board"
CTL = os.environ.get("OCSCTL", "ocsctl")
CONNECT, STALL = 3, 10  # seconds
LIMIT = CONNECT + STALL + 15  # of one fault, on a busy machine

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")

NONE, HTTP, SOCKS4, SOCKS5, HTTPS, SOCKS4A, SOCKS5_LOCAL = range(7)
# A cache in front that knows no CONNECT: what is https goes without it.
NO_TUNNEL = {"ProxyFor": "server,fragments"}

# name, ProxyType, what of lab.env is its port, its login (None, "lab" or "plain"), further settings, whether the server is https
REAL = [
    ("Squid", HTTP, "SQUID_PORT", None, {}, True),
    ("Squid, Basic", HTTP, "SQUID_BASIC_PORT", "lab", {}, True),
    ("Squid, Digest", HTTP, "SQUID_DIGEST_PORT", "lab", {"ProxyAuth": "safe"}, True),
    ("Squid, NTLM", HTTP, "SQUID_NTLM_PORT", "lab", {"ProxyAuth": "ntlm"}, True),
    ("Squid, Kerberos", HTTP, "SQUID_NEGOTIATE_PORT", None, {"ProxyAuth": "negotiate"}, True),
    ("Squid over TLS", HTTPS, "SQUID_TLS_PORT", None, {}, True),
    ("Apache Traffic Server", HTTP, "ATS_PORT", None, {}, True),
    ("nginx", HTTP, "NGINX_PORT", None, NO_TUNNEL, False),
    ("Varnish", HTTP, "VARNISH_PORT", None, NO_TUNNEL, False),
    ("tinyproxy", HTTP, "TINYPROXY_PORT", None, {}, True),
    ("tinyproxy, Basic", HTTP, "TINYPROXY_BASIC_PORT", "plain", {}, True),
    ("microsocks, SOCKS 5", SOCKS5, "SOCKS_PORT", None, {}, True),
    ("microsocks, SOCKS 5, names here", SOCKS5_LOCAL, "SOCKS_PORT", None, {}, True),
    ("microsocks, SOCKS 5, login", SOCKS5, "SOCKS5_LOGIN_PORT", "plain", {}, True),
    ("Dante, SOCKS 4", SOCKS4, "DANTE_PORT", None, {}, True),
    ("Dante, SOCKS 4a", SOCKS4A, "DANTE_PORT", None, {}, True),
    ("Dante, SOCKS 5", SOCKS5, "DANTE_PORT", None, {}, True),
]
KINDS = [("HTTP", HTTP, "http"), ("HTTPS", HTTPS, "https"), ("SOCKS 4", SOCKS4, "socks4"), ("SOCKS 4a", SOCKS4A, "socks4"),
         ("SOCKS 5", SOCKS5, "socks5"), ("SOCKS 5, names here", SOCKS5_LOCAL, "socks5")]
FAULTS = ["down", "wrong port", "refuses", "stalls", "resets", "page"]
WORDS = {"down": "is down", "wrong port": "another service answers at its port", "refuses": "refuses the connection", "stalls": "falls silent",
         "resets": "hangs up", "page": "answers its own page as 200", "password": "wrong password", "keytab": "the keytab has another key", "no login": "no login is set"}
# What must be told: code of the reason, state, a word of the message. Of a kind and fault, or of the fault alone.
EXPECTED = {
    "down": ("proxy-unreachable", "away", "ProxyPort="),
    "wrong port": ("proxy-unreachable", "away", "ProxyPort="),
    ("HTTP", "wrong port"): ("bad-reply", "problem", "proxy"),
    ("HTTPS", "wrong port"): ("tls", "problem", "ProxyPort="),
    "refuses": ("proxy-refused", "problem", "rules"),
    ("SOCKS 4", "refuses"): ("unreachable", "away", "proxy's log"),
    ("SOCKS 4a", "refuses"): ("unreachable", "away", "proxy's log"),
    "stalls": ("proxy-unreachable", "away", "ProxyPort="),
    ("HTTP", "stalls"): ("timed-out", "away", "PROXY"),
    ("HTTPS", "stalls"): ("timed-out", "away", "PROXY"),
    "resets": ("proxy-unreachable", "away", "proxy"),
    "page": ("proxy-unreachable", "away", "ProxyType="),
    ("HTTP", "page"): ("bad-reply", "problem", "web page"),
    ("HTTPS", "page"): ("bad-reply", "problem", "web page"),
    "password": ("proxy-auth", "problem", "ProxyUser="),
    "keytab": ("proxy-auth", "problem", "Kerberos"),
    "no login": ("proxy-auth", "problem", "ProxyAuthRequired=1"),
}


class Web(Handler):
    """A web server that is no proxy."""

    def everything(self):
        self.note()
        self.answer(404, b"<html>not here</html>")

    do_GET = do_POST = do_HEAD = everything


@pytest.fixture(scope="module")
def place():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    missing = [name for name in ("squid", "tinyproxy", "danted", "microsocks", "nginx", "varnishd", "traffic_server", "krb5kdc")
               if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        pytest.skip(f"{', '.join(missing)}: not installed, run tests/lab/lab.sh install")
    folder = Path(tempfile.mkdtemp(prefix="ocs-kinds.", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def lab(place):
    with TestServer(place / "server", ca=make_ca(place / "tls")) as server:
        with Lab(place / "lab", "--squid=plain,basic,digest,ntlm,negotiate,tls", "--socks", "--proxy=tinyproxy,tinyproxy-basic,socks5-login,dante",
                 "--cache=nginx,varnish,ats", origin=server.base.removeprefix("http://")) as running:
            running.server = server
            yield running


def login_of(lab, how, password=None):
    if how is None:
        return {}
    right = lab["PROXY_PASSWORD"] if how == "lab" else lab["PLAIN_PASSWORD"]
    return {"ProxyAuthRequired": 1, "ProxyUser": seal(lab["PROXY_USER"]), "ProxyPwd": seal(password or right)}


def make_machine(lab, folder, number, port, url, http=(), **companion):
    machine = Machine(folder)
    machine.environment["OCS_INVENTORY_ROOT"] = str(BOARD)
    machine.ini(HTTP={"Server": url, "CaBundle": lab.server.ca, "ProxyType": number, "Proxy": "localhost", "ProxyPort": port, **dict(http)},
                OCS_Companion={"ConnectTimeout": CONNECT, "StallTimeout": STALL, "ProxyCa": lab["CA_PEM"], **companion})
    return machine


def told(machine):
    """What ocsctl says, as a person or a monitor would ask."""
    done = subprocess.run([CTL, f"--socket={machine.runtime}/worker.sock", "status", "--json"], stdout=subprocess.PIPE, text=True, timeout=30,
                          check=False)
    return json.loads(done.stdout)["status"] if "status" in json.loads(done.stdout) else json.loads(done.stdout)


def proxy_test(machine):
    """(exit status, steps)"""
    done = subprocess.run([CTL, f"--socket={machine.runtime}/worker.sock", "--json", "proxy", "test"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=90, check=False)
    return done.returncode, json.loads(done.stdout)["steps"]


def check_diagnosis(machine, name, login):
    """ocsctl proxy test finds nothing wrong, and says how the login is made."""
    exit_status, steps = proxy_test(machine)
    steps = {step["name"]: step for step in steps}
    assert exit_status == 0 and not [step for step in steps.values() if step["result"] == "failed"], (name, steps)
    assert (steps["login"]["result"] == "ok") == login, (name, steps["login"])
    scheme = name.rpartition(", ")[2].replace("Kerberos", "Negotiate").lower()
    assert scheme not in ("basic", "digest", "ntlm", "negotiate") or scheme in steps["login"]["detail"].lower(), (name, steps["login"])


def line(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def show(marker, lines):
    """Prints the table; it must stand in the manual as it is."""
    text = "\n".join(lines)
    print(f"\n{text}")
    manual = MANUAL.read_text(encoding="utf-8")
    pattern = re.compile(rf"(<!-- {marker} -->\n).*?(<!-- end -->)", re.S)
    if os.environ.get("OCS_WRITE_TABLES"):
        manual = pattern.sub(lambda match: match.group(1) + text + "\n" + match.group(2), manual)
        MANUAL.write_text(manual, encoding="utf-8")
    assert text in manual, f"data/manual/proxies.md has another table: OCS_WRITE_TABLES=1 writes it anew\n{text}"


# ---- every kind, with everything in order ---------------------------------------------------------------------------------

def deploy_through(lab, kind, folder, number):
    name, proxy_type, port, login, companion, tls = kind
    server = lab.server
    if "NEGOTIATE" in port:
        keytab = lab.folder / "readable.keytab"  # by the couriers' user
        shutil.copy(lab["MACHINE_KEYTAB"], keytab)
        keytab.chmod(0o644)
        companion = {**companion, "ProxyKeytab": keytab}
    # Several begin within one second, on one host: by name and time they would be one machine.
    machine = make_machine(lab, folder, proxy_type, lab[port], server.tls_url if tls else server.url, login_of(lab, login),
                           DEVICEID=f"kind{number}-2026-01-01-00-00-00", **companion)
    machine.environment["KRB5_CONFIG"] = lab["KRB5_CONFIG"]
    with machine.start():
        how, outcome = machine.send_inventory()
        assert outcome["kind"] == "sent", (name, how, outcome, machine.said())
        identity = machine.identity()
        package = make_package(folder / "packages", str(1700000000 + number), {"a": os.urandom(60000)}, action="STORE", path=str(folder / "stored"),
                               frags=2, mtime=time.time() - 172800)
        server.add_package(package, devices=[identity])
        machine.outcome(machine.call("Contact")["serial"])
        try:
            machine.wait_result(package["id"], 120)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}\n{machine.said()}") from error
        assert server.result(package["id"], identity) == "SUCCESS", (name, machine.said())
        proxy = told(machine)["proxy"]
        ways = {way["purpose"]: way["kind"] for way in proxy["ways"]}
        check_diagnosis(machine, name, login is not None or "NEGOTIATE" in port)
        assert proxy["kind"] == ways["fragments"] == ("none http socks4 socks5 https socks4a socks5_local".split()[proxy_type]), (name, proxy)
        return ways


def test_every_kind(lab, place):
    rows = [line("Proxy", "ProxyType", "Server", "Inventory", "Deployment", "How"), line(*["---"] * 6)]
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(deploy_through, lab, kind, place / f"kind{i}", i + 1) for i, kind in enumerate(REAL)]
        for kind, job in zip(REAL, jobs):
            ways = job.result()
            companion = ", ".join(f"`{key}={value}`" for key, value in kind[4].items())
            rows.append(line(kind[0], kind[1], "https" if kind[5] else "http", "sent", "SUCCESS",
                             companion + (" descriptions directly" if ways["info"] == "none" else "")))
    show("kinds", [row.replace("|  |", "| |") for row in rows])


# ---- every kind, with something wrong -------------------------------------------------------------------------------------

def one_fault(lab, folder, kind, fault, port, http=(), **companion):
    """(code, state, message, seconds)"""
    server = lab.server
    # A tunnel can only be refused where one is asked for.
    url = server.tls_url if fault == "refuses" else server.url
    machine = make_machine(lab, folder, kind[1], port, url, http, **companion)
    machine.environment["KRB5_CONFIG"] = lab["KRB5_CONFIG"]
    began = time.monotonic()
    with machine.start():
        wait_for(lambda: told(machine)["state"] not in ("working", "well"), LIMIT + 10, f"a state of {kind[0]}, {fault}")
        took = time.monotonic() - began
        status = told(machine)
        if fault == "password":
            steps = {step["name"]: step for step in proxy_test(machine)[1]}
            assert (steps["connect"]["result"], steps["login"]["result"], steps["server"]["result"]) == ("ok", "failed", "skipped"), (kind[0], steps)
    reason = status["reason"]
    message = reason["message"].replace(f"localhost:{port}", "PROXY").replace(url.split("/")[2], "SERVER").replace(f"{lab.folder}/wrong.keytab", "KEYTAB")
    return reason["code"], status["state"], message, took


def wrong_keytab(lab):
    """That of the machine, each key of it changed: as after a password that was set anew."""
    data = bytearray(Path(lab["MACHINE_KEYTAB"]).read_bytes())
    at = 2
    while at + 4 <= len(data):
        size = struct.unpack_from(">i", data, at)[0]
        entry, at = at + 4, at + 4 + abs(size)
        if size <= 0:
            continue
        fields = struct.unpack_from(">H", data, entry)[0] + 1  # the realm, and the parts of the name
        entry += 2
        for _ in range(fields):
            entry += 2 + struct.unpack_from(">H", data, entry)[0]
        length = struct.unpack_from(">H", data, entry + 11)[0]  # after name type, time, version and key type
        data[entry + 13] ^= 0x55
        data[entry + 12 + length] ^= 0x55
    path = lab.folder / "wrong.keytab"
    path.write_bytes(data)
    path.chmod(0o644)
    return path


def check_fault(kind, fault, found):
    code, state, message, took = found
    wanted = EXPECTED.get((kind, fault), EXPECTED.get(fault))
    problems = []
    if (code, state) != wanted[:2] or wanted[2] not in message:
        problems.append(f"{kind}, {fault}: wanted {wanted}, got {code}, {state}: {message}")
    if took > LIMIT:
        problems.append(f"{kind}, {fault}: took {took:.0f} s")
    return problems


def test_every_fault(lab, place):
    web = Server(Web)
    tls = (Path(lab["TLS_CERT"]), Path(lab["TLS_KEY"]))
    rows = [line("Kind", "What is wrong", "Told as", "State", "Message"), line(*["---"] * 5)]
    faults, jobs, problems = [], [], []
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        for i, kind in enumerate(KINDS):
            for fault in FAULTS:
                port = web.port if fault == "wrong port" else free_port()
                if fault in ("stalls", "resets", "refuses", "page"):
                    faults.append(Fault(fault, kind[2], tls))
                    port = faults[-1].port
                jobs.append((kind[0], fault, pool.submit(one_fault, lab, place / f"fault{i}-{fault}", kind, fault, port)))
        for i, kind in enumerate(kind for kind in REAL if kind[3]):
            jobs.append((kind[0], "password", pool.submit(one_fault, lab, place / f"password{i}", kind, "password", lab[kind[2]],
                                                          login_of(lab, kind[3], "wrong"), **kind[4])))
        jobs.append(("Squid, Kerberos", "keytab", pool.submit(one_fault, lab, place / "keytab", REAL[4], "keytab", lab[REAL[4][2]],
                                                              ProxyAuth="negotiate", ProxyKeytab=wrong_keytab(lab))))
        jobs.append(("Squid, NTLM", "no login", pool.submit(one_fault, lab, place / "ntlm", REAL[3], "no login", lab[REAL[3][2]], ProxyAuth="ntlm")))
        for name, fault, job in jobs:
            found = job.result()
            problems += check_fault(name, fault, found)
            rows.append(line(name, WORDS[fault], found[0], found[1], found[2]))
    for fault in faults:
        fault.close()
    print("\n".join(rows))
    wrong = [entry for entry in Path(lab["SQUID_NTLM_LOGINS"]).read_text().splitlines() if entry.endswith("wrong")]
    # By the contact, and by the diagnosis.
    if len(wrong) != 2:
        problems.append(f"a password that is wrong was tried {len(wrong)} times: a domain locks whoever does so")
    assert not problems, "\n".join(problems)
    show("faults", rows)
