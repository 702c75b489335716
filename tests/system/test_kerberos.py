# SPDX-License-Identifier: GPL-3.0-or-later
"""Squid with Kerberos, NTLM, Basic and Digest as sites have it, and one that opens TLS: the real parts of Debian on loopback."""
import os
import shutil
import signal
import ssl
import tempfile
import threading
import time
from pathlib import Path

import pytest
from couriertest import COURIER, Courier, PASSWORD, USER, authority, bulk, control, folder, heard_by, origin, refused, route  # noqa: F401
from lab import Lab, squid_totals
from machine import Machine
from peers import FRAGMENT, Origin, Server, make_context

pytestmark = pytest.mark.skipif(not COURIER, reason="OCS_COURIER names no program")
needs_worker = pytest.mark.skipif("OCS_WORKER" not in os.environ, reason="OCS_WORKER names no program")


@pytest.fixture(scope="module")
def lab():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    if not shutil.which("squid") or not shutil.which("krb5kdc", path=os.environ["PATH"] + ":/usr/sbin"):
        pytest.skip("squid or krb5-kdc is not installed: run tests/lab/lab.sh install")
    place = Path(tempfile.mkdtemp(prefix="ocs-proxy.", dir="/tmp"))
    place.chmod(0o755)
    try:
        with Lab(place, "--squid=negotiate,ntlm,basic,digest") as running:
            yield running
    finally:
        shutil.rmtree(place, ignore_errors=True)


def let_in(path):
    """The courier's user reads its keytab itself."""
    path = Path(path)
    path.chmod(0o644)
    for parent in path.parents:
        if not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


@pytest.fixture
def site(lab, tmp_path):
    """Couriers on a machine of the realm."""
    let_in(lab["MACHINE_KEYTAB"])
    old, os.environ["KRB5_CONFIG"] = os.environ.get("KRB5_CONFIG"), lab["KRB5_CONFIG"]
    couriers = [Courier(tmp_path, role) for role in ("control", "bulk")]
    if old is None:
        del os.environ["KRB5_CONFIG"]
    else:
        os.environ["KRB5_CONFIG"] = old
    yield couriers
    for courier in couriers:
        courier.stop()


def by_squid(lab, kind, host="localhost", **login):
    return {"kind": "http", "host": host, "port": int(lab[f"SQUID_{kind.upper()}_PORT"]), **login}


def count(lab, kind, seen):
    """What Squid has logged since, and of that: how often it said 407."""
    time.sleep(0.3)
    lines = lab.squid(kind)[1].read_text().splitlines()[seen:]
    return len(lines), len([line for line in lines if "/407 " in line])


@pytest.mark.parametrize("auth, login", [("any", {}), ("safe", {}), ("negotiate", {}), ("any", {"user": USER, "password": PASSWORD})])
def test_kerberos(lab, site, origin, auth, login):
    control, bulk = site
    way = route(by_squid(lab, "negotiate", auth=auth, keytab=lab["MACHINE_KEYTAB"], **login))
    before = len(lab.squid("negotiate")[1].read_text().splitlines())
    assert control.exchange(way, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    for _ in range(10):
        assert bulk.fetch(way, origin.url("/fragment"))[1] == FRAGMENT
    asked, denied = count(lab, "negotiate", before)
    print(f"{auth}: {asked} requests, {denied} challenges")
    assert asked - denied == 11 and denied <= 2, "one challenge for each courier at most"
    log = lab.squid("negotiate")[1].read_text()
    assert "PC1$@LAB.EXAMPLE" in log or "PC1$" in log, "the machine's own name, not its host entry"
    assert "uthorization" not in heard_by(origin)


def test_kerberos_through_a_tunnel(lab, site, folder, authority):
    control, _ = site
    server = Server(Origin, make_context(folder, "ours", "localhost"))
    way = route(by_squid(lab, "negotiate", auth="negotiate", keytab=lab["MACHINE_KEYTAB"]), ca_pem=authority)
    for _ in range(5):
        assert control.exchange(way, server.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert server.connections == 1, "one tunnel, one handshake"
    assert "uthorization" not in heard_by(server)


def test_kerberos_tickets_are_fetched_once(lab, site, origin):
    _, bulk = site
    log = Path(lab["KDC_LOG"])
    before = len([line for line in log.read_text().splitlines() if "ISSUE" in line])
    way = route(by_squid(lab, "negotiate", auth="any", keytab=lab["MACHINE_KEYTAB"]))
    threads = [threading.Thread(target=bulk.fetch, args=(way, origin.url("/fragment"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    issued = len([line for line in log.read_text().splitlines() if "ISSUE" in line]) - before
    assert issued == 2, "one ticket to get tickets, one for the proxy"
    assert not [path for path in Path("/tmp").glob("krb5cc*") if path.stat().st_mtime > time.time() - 30], "no ticket on disk"


def test_kerberos_problems_in_words(lab, site, origin, tmp_path):
    control, _ = site
    good = lab["MACHINE_KEYTAB"]
    wrong = tmp_path / "other.keytab"
    # The host entry alone: the KDC gives it no ticket.
    shutil.copy(Path(lab["LAB"]) / "squid-negotiate/proxy.keytab", wrong)
    rows = [
        ("no keytab", dict(auth="negotiate"), "localhost", ["ProxyKeytab=", "Kerberos"]),
        ("keytab missing", dict(auth="negotiate", keytab="/nowhere/k.keytab"), "localhost", ["/nowhere/k.keytab", "ProxyKeytab="]),
        ("proxy by address", dict(auth="negotiate", keytab=good), "127.0.0.1", ["HTTP/127.0.0.1", "Proxy="]),
        ("login instead", dict(auth="any", user=USER, password=PASSWORD), "localhost", ["ProxyKeytab=", "Kerberos"]),
    ]
    for name, login, host, words in rows:
        trailer = control.exchange(route(by_squid(lab, "negotiate", host=host, **login)), origin.url("/ocsinventory"))
        print(f"{name}: {trailer.get('message')}")
        assert trailer["error"] == "proxy-auth", (name, trailer)
        assert all(word in trailer["message"] for word in words), (name, trailer["message"])
        assert PASSWORD not in trailer["message"]
    assert not origin.log


def test_kerberos_without_kdc(lab, site, origin):
    """A silent KDC costs one wait, not one per request; and nothing where the proxy takes a password as well."""
    control, bulk = site
    pid = int(Path(lab["KDC_PID_FILE"]).read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        way = route(by_squid(lab, "negotiate", auth="negotiate", keytab=lab["MACHINE_KEYTAB"]))
        start = time.monotonic()
        threads = [threading.Thread(target=control.exchange, args=(way, origin.url("/ocsinventory")))]
        threads[0].start()
        plain = route()
        assert control.exchange(plain, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
        assert time.monotonic() - start < 3, "others do not wait for it"
        threads[0].join()
        trailer = control.exchange(way, origin.url("/ocsinventory"))
        assert trailer["error"] == "proxy-auth" and "KDC" in trailer["message"], trailer
        start = time.monotonic()
        either = route(by_squid(lab, "basic", auth="any", keytab=lab["MACHINE_KEYTAB"], user=lab["PROXY_USER"], password=lab["PROXY_PASSWORD"]))
        assert control.exchange(either, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
        assert time.monotonic() - start < 3
    finally:
        os.kill(pid, signal.SIGCONT)


@needs_worker
def test_kerberos_by_the_whole_worker(lab, server, tmp_path):
    keytab = Path(lab["LAB"]) / "whole.keytab"
    shutil.copy(lab["MACHINE_KEYTAB"], keytab)
    keytab.chmod(0o600)
    machine = Machine(tmp_path / "machine")
    machine.ini(HTTP={"Server": server.url, "CaBundle": server.ca, "ProxyType": 1, "Proxy": "localhost", "ProxyPort": lab["SQUID_NEGOTIATE_PORT"]},
                OCS_Companion={"ProxyKeytab": keytab})
    machine.environment["KRB5_CONFIG"] = lab["KRB5_CONFIG"]
    with machine.start():
        status = machine.wait_state("problem")
        assert status["reason"]["code"] == "proxy-auth", status["reason"]
        assert str(keytab) in status["reason"]["message"] and "cannot be read" in status["reason"]["message"], "it is the courier's, not root's"
    machine.stop()
    keytab.chmod(0o644)
    assert machine.once() == 0, machine.said()
    assert server.device()


def test_keytab_as_a_credential(lab, origin, tmp_path, monkeypatch):
    """As the unit has it: the file belongs to root alone, systemd hands it over under its name."""
    monkeypatch.setenv("KRB5_CONFIG", lab["KRB5_CONFIG"])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    shutil.copy(lab["MACHINE_KEYTAB"], tmp_path / "proxy.keytab")
    let_in(tmp_path / "proxy.keytab")
    courier = Courier(tmp_path, "control")
    try:
        way = route(by_squid(lab, "negotiate", auth="negotiate", keytab="/etc/credstore/proxy.keytab"))
        assert courier.exchange(way, origin.url("/ocsinventory"))["reply"]["response"] == "SEND"
    finally:
        courier.stop()


@pytest.mark.parametrize("kind", ["basic", "digest"])
def test_squid_is_asked_once(lab, site, origin, folder, authority, kind):
    control, bulk = site
    secure = Server(Origin, make_context(folder, "ours", "localhost"))
    way = by_squid(lab, kind, auth=kind, user=lab["PROXY_USER"], password=lab["PROXY_PASSWORD"])
    before = len(lab.squid(kind)[1].read_text().splitlines())
    for _ in range(10):
        assert bulk.fetch(route(way), origin.url("/fragment"))[1] == FRAGMENT
        assert control.exchange(route(way, ca_pem=authority), secure.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert secure.connections == 1, "one tunnel, one handshake"
    asked, denied = count(lab, kind, before)
    assert denied == (0 if kind == "basic" else 2), "Basic is not asked for where it is what ProxyAuth= says, Digest needs one nonce a courier"
    # The tunnel is logged when it ends.
    assert asked - denied == 10, "one line for each fragment"


@pytest.mark.parametrize("domain", ["", "LAB\\"])
def test_ntlm(lab, site, origin, domain):
    _, bulk = site
    way = route(by_squid(lab, "ntlm", auth="ntlm", user=domain + lab["PROXY_USER"], password=lab["PROXY_PASSWORD"]))
    before = len(lab.squid("ntlm")[1].read_text().splitlines())
    for _ in range(10):
        assert bulk.fetch(way, origin.url("/fragment"))[1] == FRAGMENT
    asked, denied = count(lab, "ntlm", before)
    assert asked - denied == 10 and denied <= 2, "one handshake, the connection is kept"
    assert lab["PROXY_PASSWORD"] not in heard_by(origin)


@pytest.mark.parametrize("auth", ["ntlm", "any", "safe"])
def test_ntlm_wrong_password(lab, site, origin, auth):
    """Said as it is; and once, since a domain locks whoever is wrong a few times."""
    control, bulk = site
    logins = Path(lab["SQUID_NTLM_LOGINS"])
    way = route(by_squid(lab, "ntlm", auth=auth, user=lab["PROXY_USER"], password=PASSWORD))
    before, judged = len(lab.squid("ntlm")[1].read_text().splitlines()), len(logins.read_text().splitlines())
    trailer = control.exchange(way, origin.url("/ocsinventory"))
    print(f"{auth}: {trailer}")
    assert trailer["error"] == "proxy-auth" and "not accept the login: check ProxyUser= and ProxyPwd=" in trailer["message"] and PASSWORD not in trailer["message"], trailer
    assert logins.read_text().splitlines()[judged:] == [f"{lab['PROXY_USER']} wrong"]
    error = refused(bulk.fetch, way, origin.url("/fragment"))
    assert error.name == "ProxyAuth", error
    asked, denied = count(lab, "ntlm", before)
    assert asked == denied <= 6 and len(logins.read_text().splitlines()) - judged == 2
    assert not origin.log


@pytest.fixture(scope="module")
def inspecting():
    if os.geteuid() != 0:
        pytest.skip("the lab needs root")
    if not shutil.which("squid"):
        pytest.skip("squid is not installed: run tests/lab/lab.sh install")
    place = Path(tempfile.mkdtemp(prefix="ocs-inspect.", dir="/tmp"))
    place.chmod(0o755)
    try:
        running = Lab(place, "--squid=inspect")
        try:
            running.start()
        except RuntimeError as error:
            if "squid-openssl" not in str(error):
                raise
            pytest.skip(str(error))
        yield running
        running.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_inspecting_proxy(inspecting, control):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(inspecting["TLS_CERT"], inspecting["TLS_KEY"])
    server = Server(Origin, context)
    way = {"kind": "http", "host": "127.0.0.1", "port": int(inspecting["SQUID_INSPECT_PORT"])}
    trailer = control.exchange(route(way, ca_pem=inspecting.ca.read_text()), server.url("/ocsinventory"))
    print(trailer["message"])
    assert trailer["error"] == "tls" and '"Inspecting Proxy CA"' in trailer["message"] and "opens TLS" in trailer["message"]
    assert not server.log, "what we had to say has not reached it"
    # Where the administrator trusts it, it works.
    trusted = route(way, ca_pem=Path(inspecting["SQUID_INSPECT_CA"]).read_text())
    assert control.exchange(trusted, server.url("/ocsinventory"))["reply"]["response"] == "SEND"
    assert squid_totals(inspecting.squid("inspect")[1])["codes"]
